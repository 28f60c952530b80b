"""The letters of TCVN3, VISCII and VNI: byte, as a character of ISO-8859-1, → letter.

TCVN3, called ABC after its first program: TCVN 5712:1993, character set VN3. VISCII: RFC 1456. VNI-Windows: the character set of the
company VNI, two bytes to a marked letter, as input programs for it hold it. The first two are tested against iconv, which has no VNI.
"""

_TCVN3_ORDER = "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ."
"""0xA1 to 0xFF; a dot where VN3 has nothing: small letters with all tones, and seven capitals without."""

_VISCII_ORDER = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
"""0x80 to 0xFF. Six capitals that found no place there stand among the control characters."""

TCVN3 = {chr(byte): letter for byte, letter in enumerate(_TCVN3_ORDER, 0xA1) if letter != "."}
VISCII = {chr(byte): letter for byte, letter in enumerate(_VISCII_ORDER, 0x80)} | {
    "\x02": "Ẳ", "\x05": "Ẵ", "\x06": "Ẫ", "\x14": "Ỷ", "\x19": "Ỹ", "\x1e": "Ỵ",
}  # fmt: skip

_VNI_VOWELS = {"a": "áàảãạ", "e": "éèẻẽẹ", "o": "óòỏõọ", "ô": "ớờởỡợ", "u": "úùủũụ", "ö": "ứừửữự", "y": "ýỳỷỹ"}
"""Vowel of VNI → its letters with the marks ù ø û õ ï; ô stands for ơ, ö for ư, and ỵ has a sign of its own."""

_VNI_HATS = {"a": "âấầẩẫậ", "e": "êếềểễệ", "o": "ôốồổỗộ"}
"""Vowel → its letters with a circumflex: the marks â á à å ã ä."""

_VNI_BREVES = {"a": "ăắằẳẵặ"}
"""Vowel → its letters with a breve: the marks ê é è ú ü ë."""

_VNI_SMALL = {
    vowel + mark: letter
    for vowels, marks in ((_VNI_VOWELS, "ùøûõï"), (_VNI_HATS, "âáàåãä"), (_VNI_BREVES, "êéèúüë"))
    for vowel, letters in vowels.items()
    for mark, letter in zip(marks, letters, strict=False)
}

VNI = (
    _VNI_SMALL
    | {f"{pair[0].upper()}{pair[1]}": letter.upper() for pair, letter in _VNI_SMALL.items()}
    | {pair.upper(): letter.upper() for pair, letter in _VNI_SMALL.items()}
)
"""Vowel and mark → letter. The vowel gives the case; people type the small mark behind a capital too."""

_VNI_SINGLE_SMALL = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
VNI_SINGLE = _VNI_SINGLE_SMALL | {sign.upper(): letter.upper() for sign, letter in _VNI_SINGLE_SMALL.items()}
"""Letters of one byte."""
