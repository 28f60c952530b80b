"""What was recognised of the letters, in words and figures, for the person who has to accept it."""

from dataclasses import dataclass

from layers.encodings.recognition import Candidate, Recognition


@dataclass(frozen=True, slots=True)
class Evidence:
    """One text in each language."""

    vi: str
    en: str


def evidence_of(found: Recognition) -> Evidence:
    """The verdict, then the figures of the best candidate and of the next, then what the fonts say."""
    if found.verdict == "plain":
        return Evidence("Chỉ có chữ không dấu (ASCII), không cần đổi mã.", "Plain ASCII: nothing to convert.")
    parts = [_verdict(found)]
    if found.best:
        parts.append(_figures(found.best, found, Evidence("", "")))
    if found.runner_up:
        parts.append(_figures(found.runner_up, found, Evidence("Tiếp theo: ", "Next best: ")))
    if found.best and found.best.mixed:
        parts.append(_capitals(found.best))
    if found.fonts:
        said = ", ".join(font.label for font in found.fonts)
        parts.append(Evidence(f"Phông chữ cho biết: {said}.", f"The fonts say: {said}."))
    return Evidence(" ".join(one.vi for one in parts), " ".join(one.en for one in parts))


def _verdict(found: Recognition) -> Evidence:
    if found.verdict == "foreign":
        return Evidence(
            "Không phải tiếng Việt trong bảng mã nào đã biết: để nguyên.",
            "This is not Vietnamese in any encoding known: left as it stands.",
        )
    if found.verdict == "certain" and found.best:
        label = found.best.encoding.label
        return Evidence(f"Chữ viết theo {label}.", f"The letters are {label}.")
    labels = ", ".join(one.encoding.label for one in found.candidates[:3])
    return Evidence(
        f"Chưa phân biệt được bảng mã ({labels}). Không tự chọn: hãy xem mẫu và chỉ rõ.",
        f"The encoding cannot be told ({labels}). None is chosen: look at the samples and say which.",
    )


def _figures(one: Candidate, found: Recognition, lead: Evidence) -> Evidence:
    label = one.encoding.label
    return Evidence(
        f"{lead.vi}{label}: {one.words}/{found.words} từ có dấu là âm tiết tiếng Việt, {one.texts}/{found.texts} dòng chữ đọc được trọn, "
        f"{one.impossible} ký tự không thể có.",
        f"{lead.en}{label}: {one.words} of {found.words} words with marks are Vietnamese syllables, {one.texts} of {found.texts} texts "
        f"whole, {one.impossible} impossible characters.",
    )


def _capitals(one: Candidate) -> Evidence:
    return Evidence(
        f"{one.mixed} từ lẫn chữ hoa và chữ thường: có thể dùng phông chữ hoa (.VnTimeH).",
        f"{one.mixed} words mix capitals and small letters: perhaps a font of capitals (.VnTimeH).",
    )
