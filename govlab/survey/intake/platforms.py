"""What questionnaire platforms add to answers: which platform it was, and which columns are its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from govlab.survey.intake.raw import Raw
from govlab.survey.wording import plain

Platform = Literal["wjx", "tencent", "odk", "govlab", "plain"]
Meta = Literal[
    "id",
    "submitted",
    "started",
    "seconds",
    "source",
    "source_detail",
    "ip",
    "account",
    "nickname",
    "location",
    "device",
    "platform",
]

_META: dict[Meta, tuple[str, ...]] = {
    "id": (
        "序号",
        "编号",
        "答卷编号",
        "答卷id",
        "答题序号",
        "问卷编号",
        "id",
        "_id",
        "key",
        "instanceid",
        "meta-instanceid",
        "meta/instanceid",
        "_uuid",
        "respondent",
        "respondent_id",
        "response id",
    ),
    "submitted": (
        "提交答卷时间",
        "提交时间",
        "结束答题时间",
        "结束时间",
        "end",
        "submissiondate",
        "_submission_time",
        "submitted",
        "submit date",
    ),
    "started": ("开始答题时间", "开始时间", "start", "started", "start date"),
    "seconds": ("所用时间", "答题时长", "作答时长", "答题用时", "填写时长", "用时", "seconds", "duration"),
    "source": ("来源", "来源渠道", "答题渠道", "渠道", "source", "channel"),
    "source_detail": ("来源详情", "referrer", "referer"),
    "ip": ("来自ip", "ip", "ip地址", "答题ip", "ip address", "ipaddress", "ip_address"),
    "account": (
        "用户标识",
        "用户id",
        "用户账号",
        "openid",
        "unionid",
        "微信openid",
        "微信unionid",
        "deviceid",
        "username",
        "simserial",
        "subscriberid",
    ),
    "nickname": ("昵称", "微信昵称", "用户昵称", "提交者", "填写者", "答题者"),
    "location": (
        "地理位置国家和地区",
        "地理位置省",
        "地理位置市",
        "地理位置",
        "所在省份",
        "所在城市",
        "省份",
        "城市",
        "经度",
        "纬度",
        "location",
        "latitude",
        "longitude",
        "gps",
    ),
    "device": (
        "ua",
        "user agent",
        "useragent",
        "user_agent",
        "浏览器",
        "操作系统",
        "设备",
        "终端",
        "设备类型",
    ),
    "platform": (
        "语言",
        "清洗数据结果",
        "智能清洗数据无效概率",
        "用户类型",
        "自定义字段",
        "总分",
        "得分",
        "中奖时间",
        "中奖金额",
        "审核状态",
        "答卷状态",
        "formdef_version",
        "__version__",
        "_version_",
        "_tags",
        "_notes",
        "_status",
        "_validation_status",
        "_index",
        "_submitted_by",
        "submitterid",
        "submittername",
        "attachmentspresent",
        "attachmentsexpected",
        "reviewstate",
        "edits",
        "today",
    ),
}
_BY_HEAD = {plain(head): meta for meta, heads in _META.items() for head in heads}
_WJX = {plain(head) for head in ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")}
_WJX_TIMES = {plain("提交答卷时间"), plain("所用时间")}
_TENCENT = {
    plain(head) for head in ("开始答题时间", "结束答题时间", "答题时长", "清洗数据结果", "用户标识", "UA")
}
_ODK = {
    plain(head)
    for head in ("KEY", "meta-instanceID", "meta/instanceID", "SubmissionDate", "_uuid", "_submission_time")
}


def platform_of(raw: Raw) -> Platform:
    """The platform whose own columns are there."""
    if raw.ours is not None:
        return "govlab"
    heads = {plain(head) for column in raw.columns for head in (column.head, column.label) if head}
    if len(heads & _TENCENT) >= 3:
        return "tencent"
    # Two of six: the columns that point at people are often taken out before a file is handed on.
    if len(heads & _WJX) >= 2 and heads & _WJX_TIMES:
        return "wjx"
    return "odk" if heads & _ODK else "plain"


def meta_of(heads: Iterable[str]) -> Meta | None:
    """What a column of a platform holds, by its head or its label; None if it is none of those."""
    for head in heads:
        found = _BY_HEAD.get(plain(head))
        if found is not None:
            return found
    return None
