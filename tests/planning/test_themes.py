"""The set of themes is data: what a text names is read as it stands, and what cannot be a theme is refused by its name."""

import pytest

from planning.themes import THEMES, read_themes

TEXT = """
[[theme]]
key = "rural"
vi = "Quy hoạch nông thôn"
en = "Rural plan"
levels = ["general", "detailed"]
kinds = ["rural"]
basis = [{ vi = "Điều 59", en = "article 59" }]

[[theme]]
key = "roads"
vi = "Chỉ giới đường đỏ"
en = "Red lines"
lines = ["red_line"]
"""


def test_themes_are_those_of_the_text_in_its_order():
    rural, roads = read_themes(TEXT)
    assert (rural.key, rural.name, rural.basis) == (
        "rural",
        {"vi": "Quy hoạch nông thôn", "en": "Rural plan"},
        ({"vi": "Điều 59", "en": "article 59"},),
    )
    assert rural.tells_of("detailed", "rural")
    assert not rural.tells_of("detailed", "urban")
    assert not rural.tells_of("subdivision", "rural")
    assert (roads.lines, roads.basis) == (frozenset({"red_line"}), ())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('levels = ["general", "detailed"]', 'levels = ["genral"]', "theme rural: levels"),
        ('kinds = ["rural"]', 'kinds = ["river"]', "theme rural: kinds"),
        ('lines = ["red_line"]', 'lines = ["purple"]', "theme roads: lines"),
        ('lines = ["red_line"]', 'lines = ["red_line"]\nlevels = ["general"]', "theme roads: .* one of the two"),
        ('lines = ["red_line"]', "", "theme roads: .* one of the two"),
        ('key = "roads"', 'key = "rural"', "a key of its own"),
    ],
)
def test_what_cannot_be_a_theme_is_refused_by_its_name(before, after, said):
    assert before in TEXT
    with pytest.raises(ValueError, match=said):
        read_themes(TEXT.replace(before, after))


def test_an_answer_has_the_themes_of_the_text_and_no_others(sample_api):
    answer = sample_api.get("/v1/lookup", params={"lon": 106.17, "lat": 21.25}).json()
    assert [(one["theme"], one["name"], one["basis"]) for one in answer["themes"]] == [
        (one.key, one.name, list(one.basis)) for one in THEMES
    ]
