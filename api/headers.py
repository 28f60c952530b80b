"""HTTP headers that several answers read or send in the same way."""

from starlette.datastructures import Headers

SECURITY = (
    (
        b"content-security-policy",
        b"default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        b"object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)

FOR_EVER = "public, max-age=31536000, immutable"


def takes_gzip(headers: Headers) -> bool:
    """Whether the asker takes gzip; a weight of 0 says that it does not, and `*` speaks for what is not named."""
    weights = {}
    for offer in headers.get("accept-encoding", "").lower().replace(" ", "").split(","):
        name, _, weight = offer.partition(";q=")
        weights[name] = weight.strip("0.") != "" or not weight
    return weights.get("gzip", weights.get("*", False))
