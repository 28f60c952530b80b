"""The rules that the coverage engine answers: gaps, overlaps and what reaches beyond."""

from planning.checks.rule import Rule

_EXACT = "ISO 19157 (topological consistency); widths measured, see planning/coverage/widths.py"
_LAW = "Luật 47/2024/QH15, Điều 7, 8; Law 47/2024/QH15"

RULES: tuple[Rule, ...] = (
    Rule("unit.gap", "error", "department", "Khoảng hở giữa các xã, phường", "Gap between communes",
        "Đối chiếu hồ sơ địa giới của các đơn vị liền kề; dải hẹp thì khép vào đơn vị có cạnh chung dài nhất.",
        "Compare the boundary files of the neighbours; close a sliver to the neighbour with the longest shared edge.", _EXACT),
    Rule("unit.overlap", "error", "department", "Xã, phường chồng lấn nhau", "Communes overlap",
        "Đối chiếu hồ sơ địa giới; phần chồng chỉ được thuộc một đơn vị.",
        "Compare the boundary files: the land belongs to one of the two.", _EXACT),
    Rule("unit.overhang", "error", "department", "Xã, phường vượt ra ngoài ranh giới tỉnh", "A commune reaches beyond the province",
        "So ranh giới xã với ranh giới tỉnh đang dùng; kiểm tra hai nguồn có cùng ngày và cùng hệ tọa độ.",
        "Compare the commune with the province's outline: are both of one date and one CRS?", _EXACT),
    Rule("level.uncovered", "error", "planner", "Phần xã, phường chưa có quy hoạch ở cấp này",
        "Part of a commune without a plan at this level",
        "Lập hoặc nhập quy hoạch cho phần còn thiếu; dải hẹp dọc ranh giới thì bắt điểm vào ranh giới xã.",
        "Draw up or bring in a plan for the part; snap slivers along the border to the commune's boundary.", _LAW),
    Rule("level.below-target", "error", "planner", "Tỷ lệ phủ kín của xã, phường chưa đạt chỉ tiêu ở cấp này",
        "A commune is covered less than the target of the level asks",
        "Lập hoặc nhập quy hoạch cho phần còn thiếu đến khi đạt chỉ tiêu; nếu chỉ tiêu đã đổi thì nhập chỉ tiêu mới.",
        "Draw up or bring in plans for what is missing until the target is met; if the target has changed, bring the new one in.",
        "The target as an office set it (quyhoach import targets); gaps within the width passed over count as covered"),
    Rule("plan.overlap", "warning", "authority", "Hai đồ án cùng cấp chồng lấn", "Two plans of one level overlap",
        "Cơ quan phê duyệt quyết định đồ án nào áp dụng trên phần chồng; ghi lại quyết định.",
        "The authority decides which plan holds on the common land; record the decision.", "Luật 47/2024/QH15, Điều 8 khoản 2"),
    Rule("plan.overhang", "warning", "planner", "Đồ án vượt ra ngoài mọi xã, phường", "A plan reaches beyond every commune",
        "Kiểm tra hệ tọa độ của đồ án và ngày của ranh giới xã; phần thuộc tỉnh khác thì ghi rõ trong hồ sơ.",
        "Check the plan's CRS and the day of the commune boundaries; note where a part lies in another province.", _EXACT),
    Rule("plan.zone-gap", "error", "planner", "Khoảng hở giữa các khu chức năng của đồ án", "Gap between the zones of a plan",
        "Khép dải hẹp vào khu có cạnh chung dài nhất; vẽ khu còn thiếu.",
        "Close a sliver to the zone with the longest shared edge; draw the zone that is missing.", _EXACT),
    Rule("plan.zone-overlap", "error", "planner", "Khu chức năng của một đồ án chồng lấn nhau", "Zones of one plan overlap",
        "Bỏ khu trùng; cắt phần chồng theo khu được ưu tiên.",
        "Drop duplicates; cut the common land from the zone that gives way.", _EXACT),
    Rule("plan.zone-overhang", "error", "planner", "Khu chức năng vượt ra ngoài ranh giới đồ án", "A zone reaches beyond its plan",
        "Cắt khu theo ranh giới đồ án, hoặc sửa ranh giới theo quyết định phê duyệt.",
        "Cut the zone at the plan's boundary, or mend the boundary as approved.", _EXACT),
)  # fmt: skip
