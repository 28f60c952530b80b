"""Function codes of zones: what land is planned for, with the standard fills of maps.

Land-use codes and fills follow the land-use map regulation, planning-zone fills annex I of circular 16/2025/TT-BXD, both
taken from secondary sources: an operator may correct a row here; nothing else in the code knows a colour.
"""

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["land_use", "planning"]


@dataclass(frozen=True, slots=True)
class Function:
    """A function code, its Vietnamese name and its fill."""

    code: str
    vi: str
    fill: str


def _table(text: str) -> dict[str, Function]:
    rows = (entry.split("|") for entry in text.strip().splitlines())
    return {code.strip(): Function(code.strip(), vi.strip(), f"#{fill.strip().lower()}") for code, vi, fill in rows}


LAND_USE = _table("""
    LUC|đất chuyên trồng lúa|FFFC8C
    LUK|đất trồng lúa còn lại|FFFC96
    HNK|đất trồng cây hằng năm khác|FFF0B4
    CLN|đất trồng cây lâu năm|FFD2A0
    RSX|đất rừng sản xuất|B4FFB4
    RPH|đất rừng phòng hộ|BEFF1E
    RDD|đất rừng đặc dụng|6EFF64
    NTS|đất nuôi trồng thủy sản|AAFFFF
    NKH|đất nông nghiệp khác|F5FFB4
    ONT|đất ở tại nông thôn|FFD0FF
    ODT|đất ở tại đô thị|FFA0FF
    TSC|đất trụ sở cơ quan|FFAAA0
    CQP|đất quốc phòng|FF6450
    CAN|đất an ninh|FF5046
    DVH|đất văn hóa|FFAAA0
    DXH|đất dịch vụ xã hội|FFAAA0
    DYT|đất y tế|FFAAA0
    DGD|đất giáo dục|FFAAA0
    DTT|đất thể dục thể thao|FFAAA0
    SKK|đất khu công nghiệp|FAAAA0
    SKN|đất cụm công nghiệp|FAAAA0
    TMD|đất thương mại, dịch vụ|FAAAA0
    SKC|đất sản xuất phi nông nghiệp|FAAAA0
    SKS|đất khai thác khoáng sản|CDAACD
    SKX|đất sản xuất vật liệu xây dựng|CDAACD
    DRA|đất xử lý chất thải|CDAACD
    DGT|đất giao thông|FFAA32
    DTL|đất thủy lợi|AAFFFF
    DKV|đất vui chơi, giải trí|FFAAA0
    DNL|đất công trình năng lượng|FFAAA0
    DBV|đất bưu chính, viễn thông|FFAAA0
    DCH|đất chợ|FFAAA0
    TON|đất tôn giáo|FAAAA0
    TIN|đất tín ngưỡng|FFAAA0
    NTD|đất nghĩa trang|D2D2D2
    SON|đất sông ngòi|A0FFFF
    MNC|đất có mặt nước|A0FFFF
    PNK|đất phi nông nghiệp khác|FFAAA0
    CSD|đất chưa sử dụng|FFFFFE
    BCS|đất bằng chưa sử dụng|FFFFFE
    DCS|đất đồi núi chưa sử dụng|FFFFFE
    NCS|núi đá không có rừng|E6E6C8
""")

PLANNING = _table("""
    Nhomnhao|nhóm nhà ở|CC9900
    Honhop|đất hỗn hợp|CC3200
    Langxom|làng xóm|7F7F40
    Truonghoc|trường học|994C4C
    TruongTHPT|trường trung học phổ thông|992600
    Yte|y tế|FF00BF
    Vanhoa|văn hóa|CC667F
    TDTT|thể dục thể thao|009900
    CayxanhCC|cây xanh công cộng|66CC00
    Congnghiep|công nghiệp|6600CC
    Vatlieu|vật liệu xây dựng|4D4D99
    DaotaoNC|đào tạo, nghiên cứu|007399
    Coquan|cơ quan|994C00
    Dichvu|dịch vụ|CC0000
    Dulich|du lịch|FF00FF
    Ditich_tongiao|di tích, tôn giáo|7F0000
    Anninh|an ninh|739900
    Quocphong|quốc phòng|394C26
    DuongGT|đường giao thông|5B5B5B
    Nghiatrang|nghĩa trang|5B5B5B
    Hatangkhac|hạ tầng khác|39264C
    Nongnghiep|nông nghiệp|00FF00
    Rungdacdung|rừng đặc dụng|00394C
    Rungphongho|rừng phòng hộ|264C43
    Rungsanxuat|rừng sản xuất|3F7F4F
    Thuysan|thủy sản|007FFF
    Honuoc|hồ nước|004C99
    Songsuoi|sông suối|0066CC
    Chuasudung|chưa sử dụng|C0C0C0
""")

SCHEMES: dict[Scheme, dict[str, Function]] = {"land_use": LAND_USE, "planning": PLANNING}
PREFIXES = ("HT_", "QHDD_", "QHDH_")
"""Existing, first phase, long term: may stand before a planning-zone code."""


def function_of(code: str, scheme: Scheme) -> Function | None:
    """The function behind a code, its prefix of phase set aside; None when the scheme does not know it."""
    for prefix in PREFIXES:
        code = code.removeprefix(prefix)
    return SCHEMES[scheme].get(code)
