# The service in one image. The first stage builds the page, the second runs the service as an ordinary user.

FROM python:3.11-slim-bookworm AS page
WORKDIR /build
COPY script/locks/page.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement page.txt
COPY api/web/package.json api/web/package-lock.json api/web/.npmrc ./api/web/
RUN cd api/web && npm ci --no-audit --no-fund --no-progress
COPY api/web ./api/web
RUN cd api/web && npm run build

FROM python:3.11-slim-bookworm
# The wheel of rasterio brings every library but this one.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libexpat1 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --no-create-home quyhoach
WORKDIR /app
COPY script/locks/run.txt ./script/locks/
RUN pip install --no-cache-dir --require-hashes --requirement script/locks/run.txt
COPY . .
COPY --from=page /build/api/web/dist ./api/web/dist
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .
# The sample province's files are written in the first, documents in the second.
RUN install --directory --owner=quyhoach .local /files
USER quyhoach
EXPOSE 8000
CMD ["quyhoach", "serve", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
