"""HTTP headers that several answers read or send in the same way."""

from starlette.datastructures import Headers

FOR_EVER = "public, max-age=31536000, immutable"


def takes_gzip(headers: Headers) -> bool:
    """Whether the asker takes gzip; `gzip;q=0` says that it does not."""
    offers = [offer.strip().replace(" ", "").lower() for offer in headers.get("accept-encoding", "").split(",")]
    return any(offer.split(";")[0] in {"gzip", "*"} and not offer.endswith(";q=0") for offer in offers)
