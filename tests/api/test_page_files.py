"""The page's files over HTTP."""

import re


def test_the_page_and_the_api_page_come_from_here_alone(api):
    for address in ("/", "/docs"):
        page = api.get(address)
        assert page.headers["content-type"].startswith("text/html")
        assert "default-src 'self'" in page.headers["content-security-policy"]
        linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert linked
        for link in linked:
            assert not link.startswith(("http", "//")), link
            assert api.get(link.removeprefix(".")).status_code == 200


def test_named_by_their_content_files_are_kept_and_compressed(api):
    [script] = re.findall(r'src="\.(/assets/index-[^"]+\.js)"', api.get("/").text)
    plain = api.get(script, headers={"accept-encoding": "identity"})
    packed = api.get(script, headers={"accept-encoding": "gzip"})
    assert "immutable" in packed.headers["cache-control"]
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert api.get(script, headers={"if-none-match": packed.headers["etag"]}).status_code == 304
    assert api.get("/").headers["cache-control"] == "no-cache"


def test_nothing_outside_the_page_is_served(api):
    for path in ("/../app.py", "/%2e%2e/app.py", "/assets/../../../app.py", "/..%2f..%2fapp.py"):
        assert api.get(path).status_code == 404
