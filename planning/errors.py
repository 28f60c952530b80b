"""Everything quyhoach can explain to the person who caused it.

    QuyhoachError
    ├── Refused            the question or the file is not acceptable as it is
    │   ├── BadQuestion         a parameter is wrong, unknown or contradictory
    │   │   └── TooLarge            more than one question may hold
    │   ├── Unusable            what was sent with a question cannot be used
    │   ├── UnknownParameter    a parameter nobody knows
    │   ├── BadFile             a file cannot be brought in
    │   │   ├── UnknownCrs          no CRS, or one that cannot be told
    │   │   └── MissingField        a field the import needs is not in the file
    │   ├── BadProfile          a profile says something it cannot
    │   └── NotAllowed          the operation would break a rule of the store
    ├── NotFound           the thing asked for does not exist on that date in that release
    │   ├── OutsideProvince     the place lies outside every unit in force
    │   ├── NothingFound        nothing bears that name
    │   ├── UnknownPart         the former unit of the place is not known: its boundary is not on record
    │   ├── UnknownRelease, UnknownUnit, UnknownParcel, UnknownPlan, UnknownDocument, UnknownReport, UnknownLayer, UnknownProfile,
    │   │   TileOutside, NotChecked, NothingToCheck
    ├── Busy               too many dear questions are asked at once
    └── Unavailable        the database cannot answer now
        ├── DatabaseMissing, DatabaseFull, WrongDeployment, FileStoreAway

An error carries facts; its words are the class's two templates, Vietnamese and English. HTTP status codes are in
`api.errors`, exit codes in `api.cli`.
"""

from typing import ClassVar, Literal

Language = Literal["vi", "en"]


class QuyhoachError(Exception):
    """The root: facts, and one sentence in each language."""

    code: ClassVar[str] = "error"
    vi: ClassVar[str] = "{reason}"
    en: ClassVar[str] = "{reason}"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.said("en"))

    def said(self, language: Language) -> str:
        """The sentence for a person, in `language`."""
        return (self.vi if language == "vi" else self.en).format(**self.facts)


class Refused(QuyhoachError):
    """The question or the file is not acceptable as it is."""

    code = "refused"


class BadQuestion(Refused):
    """A parameter is wrong, unknown or contradictory."""

    code = "bad-question"
    vi = "Tham số “{parameter}” không hợp lệ: {vi}"
    en = "Parameter “{parameter}” is not acceptable: {en}"


class TooLarge(BadQuestion):
    """More than one question may hold: bytes, corners, rows, or land."""

    code = "too-large"


class Unusable(Refused):
    """What was sent with a question cannot be used."""

    code = "unusable"
    vi = "Không dùng được nội dung gửi lên: {vi}"
    en = "What was sent cannot be used: {en}"


class UnknownParameter(Refused):
    """A parameter nobody knows: answering as if it were not there would mislead."""

    code = "unknown-parameter"
    vi = "Không có tham số “{parameter}”. Các tham số được dùng ở đây: {known}."
    en = "There is no parameter “{parameter}”. Known here: {known}."


class BadFile(Refused):
    """A file cannot be brought in."""

    code = "bad-file"
    vi = "Không nhập được {file}: {vi}"
    en = "{file} cannot be brought in: {en}"


class UnknownCrs(BadFile):
    """No CRS, or one that cannot be told. Never guessed."""

    code = "unknown-crs"
    vi = "Không rõ hệ tọa độ của {file}: {vi} Hãy ghi rõ bằng --crs, ví dụ --crs EPSG:9214."
    en = "The CRS of {file} cannot be told: {en} Say it with --crs, for example --crs EPSG:9214."


class MissingField(BadFile):
    """A field the import needs is not in the file."""

    code = "missing-field"
    vi = "{file} không có trường “{field}” (các trường có: {present}). Chỉ ra trường tương ứng bằng --map {field}=TÊN."
    en = "{file} has no field “{field}” (it has: {present}). Name the field to use with --map {field}=NAME."


class BadProfile(Refused):
    """A profile, which says how the fields of a file become ours, says something it cannot."""

    code = "bad-profile"
    vi = "Bảng ánh xạ {file}, {key}: {vi}"
    en = "Profile {file}, {key}: {en}"


class NotAllowed(Refused):
    """The operation would break a rule of the store."""

    code = "not-allowed"
    vi = "Không thực hiện được: {vi}"
    en = "Not done: {en}"


class NotFound(QuyhoachError):
    """The thing asked for does not exist on that date in that release."""

    code = "not-found"


class OutsideProvince(NotFound):
    """The place lies outside every unit in force."""

    code = "outside-province"
    vi = "Điểm ({x}, {y}) {crs} nằm ngoài mọi đơn vị hành chính có trong dữ liệu vào ngày {on}."
    en = "The point ({x}, {y}) in {crs} lies outside every unit on record on {on}."


class NothingFound(NotFound):
    """Nothing on record bears the name that was asked for."""

    code = "nothing-found"
    vi = "Không tìm thấy “{text}” vào ngày {on}: không có xã, thôn, đường hay thửa nào như vậy trong dữ liệu."
    en = "Nothing named “{text}” is on record on {on}: no commune, village, street or parcel."


class UnknownPart(NotFound):
    """On that day the place lay in a unit whose boundary is not on record; the candidates are those of the event."""

    code = "unknown-part"
    vi = (
        "Chưa rõ đơn vị hành chính của điểm ({x}, {y}) {crs} vào ngày {on}: phía bên kia ngày {effective} điểm thuộc {known}; "
        "ngày {on} có thể thuộc {named}, chưa có ranh giới trong dữ liệu."
    )
    en = (
        "The unit of the point ({x}, {y}) in {crs} on {on} is not known: on the other side of {effective} it lies in {known}; "
        "on {on}, in one of {named}, whose boundaries are not on record."
    )


class UnknownRelease(NotFound):
    """No such publication."""

    code = "unknown-release"
    vi = "Không có lần công bố số {release}. Lần công bố mới nhất: {latest}."
    en = "There is no release {release}. The latest release is {latest}."


class UnknownUnit(NotFound):
    """No unit has that code on that date. `known_from` is the first day of one that has it later."""

    code = "unknown-unit"
    vi = "Không có đơn vị hành chính mã {unit} vào ngày {on}.{vi}"
    en = "No administrative unit has code {unit} on {on}.{en}"

    def __init__(self, *, known_from: object = None, **facts: object) -> None:
        later = {"vi": f" Mã này có từ ngày {known_from}.", "en": f" The code is known from {known_from}."}
        super().__init__(**facts, **(later if known_from else {"vi": "", "en": ""}))


class UnknownParcel(NotFound):
    """No parcel has that key on that date."""

    code = "unknown-parcel"
    vi = "Không có thửa {number}, tờ bản đồ {sheet}, xã cũ mã {former_code} vào ngày {on}."
    en = "There is no parcel {number} on sheet {sheet} of former commune {former_code} on {on}."


class UnknownPlan(NotFound):
    """The release knows no plan of that code."""

    code = "unknown-plan"
    vi = "Không có đồ án mã {plan} trong lần công bố này."
    en = "No plan {plan} is on record in this release."


class UnknownDocument(NotFound):
    """No published plan has a document of that address."""

    code = "unknown-document"
    vi = "Không có tài liệu {sha256} trong dữ liệu đã công bố."
    en = "No document {sha256} is published."


class UnknownReport(NotFound):
    """No impact report of that resolution is kept with that release."""

    code = "unknown-report"
    vi = "Không có báo cáo tác động của “{resolution}” trong lần công bố này; xem /v1/mergers. Lập: quyhoach merge report."
    en = (
        "No impact report of “{resolution}” is kept with this release; see /v1/mergers. Made by: quyhoach merge report."
    )


class UnknownLayer(NotFound):
    """No map layer has that name."""

    code = "unknown-layer"
    vi = "Không có lớp bản đồ “{layer}”. Các lớp có: {known}."
    en = "There is no map layer “{layer}”. The layers are: {known}."


class TileOutside(NotFound):
    """A tile address outside the pyramid of its layer."""

    code = "tile-outside"
    vi = "Không có ô bản đồ {z}/{x}/{y} của lớp “{layer}”: lớp có ô từ mức {minzoom} đến {maxzoom}."
    en = "There is no tile {z}/{x}/{y} of layer “{layer}”: it has tiles from zoom {minzoom} to {maxzoom}."


class NotChecked(NotFound):
    """Coverage was not computed for that date and release."""

    code = "not-checked"
    vi = "Chưa kiểm tra độ phủ kín cho ngày {on}, lần công bố {release}. Chạy: quyhoach check coverage --on {on}."
    en = "Coverage has not been checked for {on} in release {release}. Run: quyhoach check coverage --on {on}."


class NothingToCheck(NotFound):
    """No commune is on record on that day, so that nothing can be said of it. `known_from` is the first day after it that has one."""

    code = "nothing-to-check"
    vi = "Không có gì để kiểm tra: lần công bố {release} không có xã, phường nào vào ngày {on}.{vi}"
    en = "There is nothing to check: release {release} has no commune on {on}.{en}"

    def __init__(self, *, known_from: object = None, **facts: object) -> None:
        later = {"vi": f" Có dữ liệu từ ngày {known_from}.", "en": f" It has some from {known_from}."}
        super().__init__(**facts, **(later if known_from else {"vi": "", "en": ""}))


class UnknownProfile(NotFound):
    """No profile of that name is shipped, and no file lies there."""

    code = "unknown-profile"
    vi = "Không có bảng ánh xạ “{profile}”, cũng không có tệp nào như vậy. Có sẵn: {known}."
    en = "There is no profile “{profile}”, nor a file of that name. Shipped: {known}."


class Busy(QuyhoachError):
    """Too many dear questions are asked, or sheets printed, at once."""

    code = "busy"
    vi = "Đang có quá nhiều câu hỏi về vùng, hoặc phiếu đang in; hãy thử lại sau ít giây."
    en = "Too many questions about areas are being answered, or sheets printed; try again in a few seconds."


class Unavailable(QuyhoachError):
    """The service cannot answer now."""

    code = "unavailable"
    vi = "Dịch vụ tạm thời chưa trả lời được; hãy thử lại sau ít giây."
    en = "The service cannot answer right now; try again in a few seconds."


class DatabaseMissing(Unavailable):
    """No database answers at the address given, or it is not ready."""

    code = "database-missing"
    vi = "Không dùng được cơ sở dữ liệu tại {url}: {vi}"
    en = "The database at {url} cannot be used: {en}"


class DatabaseFull(Unavailable):
    """The database has no room left on its disk; its transaction was taken back."""

    code = "database-full"
    vi = "Hết chỗ trên đĩa của cơ sở dữ liệu; không lưu gì. Hãy giải phóng chỗ rồi chạy lại. ({reason})"
    en = "The disk of the database is full; nothing was stored. Make room and run this again. ({reason})"


class WrongDeployment(Unavailable):
    """The database belongs to a province in another CRS than the setting says."""

    code = "wrong-deployment"
    vi = "Cơ sở dữ liệu lưu theo EPSG:{stored} nhưng QUYHOACH_STORAGE_CRS là EPSG:{asked}. Sửa cài đặt, hoặc dùng cơ sở dữ liệu khác."
    en = "The database stores EPSG:{stored} but QUYHOACH_STORAGE_CRS says EPSG:{asked}. Mend the setting or use another database."


class FileStoreAway(Unavailable):
    """The store of files does not answer, or lacks a file that the database refers to."""

    code = "file-store-away"
    vi = "Kho tệp {address} không dùng được: {reason}. Xem QUYHOACH_FILE_STORE."
    en = "The store of files {address} cannot be used: {reason}. See QUYHOACH_FILE_STORE."
