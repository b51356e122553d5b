# ruff: noqa: E501 - a form reads best with every question on a line of its own
"""Writes the resident questionnaire ``questionnaire.xlsx`` and its ``datapackage.json``; the same bytes every time.

The questions are our own. Run it again after a change: ``python datasets/questionnaire/make.py``.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from govlab.data.workbook import book_bytes

FOLDER = Path(__file__).resolve().parent
VERSION = "2026-11-01"

SURVEY = (
    "type", "name", "label::中文 (zh)", "label::English (en)", "hint::中文 (zh)", "hint::English (en)", "required",
    "relevant", "constraint", "constraint_message::中文 (zh)", "constraint_message::English (en)", "appearance",
    "choice_filter", "construct", "scale_reverse", "measure", "role",
)  # fmt: skip
CHOICES = (
    "list_name",
    "name",
    "label::中文 (zh)",
    "label::English (en)",
    "zone",
    "outside_scale",
    "other_text",
)

# list -> (name, zh, en) or (name, zh, en, further columns)
LISTS: dict[str, list[tuple[str, str, str] | tuple[str, str, str, dict[str, str]]]] = {
    "consent": [
        (
            "yes",
            "我已读过上面的说明，愿意参加",
            "I have read the note above and take part of my own free will",
        ),
        ("no", "我不参加", "I do not take part"),
    ],
    "yes_no": [("yes", "是", "Yes"), ("no", "否", "No")],
    "zone": [
        ("example-a", "示例片区甲（虚构）", "Example zone A (fictional)"),
        ("example-b", "示例片区乙（虚构）", "Example zone B (fictional)"),
        ("example-c", "示例片区丙（虚构）", "Example zone C (fictional)"),
        ("example-d", "示例片区丁（虚构）", "Example zone D (fictional)"),
    ],
    "community": [
        (
            f"example-{zone}-{number}",
            f"示例社区{name}{digit}（虚构）",
            f"Example community {zone.upper()}{number} (fictional)",
            {"zone": f"example-{zone}"},
        )
        for zone, name in zip("abcd", "甲乙丙丁", strict=True)
        for number, digit in ((1, "一"), (2, "二"))
    ],
    "agree": [
        ("1", "完全不同意", "Strongly disagree"),
        ("2", "不太同意", "Disagree"),
        ("3", "说不上同意还是不同意", "Neither agree nor disagree"),
        ("4", "比较同意", "Agree"),
        ("5", "完全同意", "Strongly agree"),
        ("8", "不清楚", "Don't know", {"outside_scale": "dont_know"}),
        ("9", "不愿回答", "Prefer not to say", {"outside_scale": "refused"}),
    ],
    "satisfied": [
        ("1", "很不满意", "Very dissatisfied"),
        ("2", "不太满意", "Dissatisfied"),
        ("3", "一般", "Neither satisfied nor dissatisfied"),
        ("4", "比较满意", "Satisfied"),
        ("5", "很满意", "Very satisfied"),
        ("7", "没有用过", "Have not used it", {"outside_scale": "not_applicable"}),
        ("8", "不清楚", "Don't know", {"outside_scale": "dont_know"}),
    ],
    "important": [
        ("1", "很不重要", "Not at all important"),
        ("2", "不太重要", "Not very important"),
        ("3", "一般", "Fairly important"),
        ("4", "比较重要", "Important"),
        ("5", "很重要", "Very important"),
        ("8", "不清楚", "Don't know", {"outside_scale": "dont_know"}),
    ],
    "often": [
        ("1", "从来没有", "Never"),
        ("2", "很少", "Rarely"),
        ("3", "有时", "Sometimes"),
        ("4", "经常", "Often"),
        ("8", "不清楚", "Don't know", {"outside_scale": "dont_know"}),
    ],
    "took_part": [
        ("meeting", "居民会议、议事协商会", "Residents' meetings or deliberation"),
        ("election", "居民委员会选举投票", "Voting for the residents' committee"),
        ("volunteer", "志愿服务、邻里互助", "Volunteering or helping neighbours"),
        ("culture", "文体活动（含广场舞、书画班）", "Cultural or sports activities (dancing, classes)"),
        ("proposal", "向社区提意见、建议", "Making a suggestion or complaint"),
        ("online", "在小区的网上群里讨论公共事务", "Discussing common matters in an online group"),
        ("other", "其他（请注明）", "Other (please specify)", {"other_text": "yes"}),
        ("none", "以上都没有", "None of these"),
    ],
    "why_not": [
        ("time", "没有时间", "No time"),
        ("unaware", "不知道有什么活动", "Did not know what there was"),
        ("not_invited", "没有人通知或邀请", "Was not told or invited"),
        ("no_use", "觉得去了也没有用", "It would change nothing"),
        ("health", "身体或家里的原因", "Health or family"),
        ("other", "其他", "Other", {"other_text": "yes"}),
    ],
    "spend": [
        ("elderly", "老人和儿童的照料", "Care for old people and children"),
        ("repair", "楼道、道路等设施维修", "Repairs to stairwells, paths and the like"),
        ("green", "环境和绿化", "Environment and greenery"),
        ("safety", "消防和出行安全", "Fire and traffic safety"),
        ("culture", "文化体育活动", "Culture and sports"),
    ],
    "body": [
        ("station", "社区服务站（中心）", "Community service station"),
        ("committee", "社区居民委员会", "Residents' committee"),
        ("party", "社区党组织", "Party organisation of the community"),
        ("owners", "业主委员会", "Owners' committee"),
        ("property", "物业服务企业", "Property management company"),
        ("street", "街道办事处（镇政府）", "Sub-district office or township"),
        ("unknown", "不清楚", "Don't know", {"outside_scale": "dont_know"}),
    ],
    "age": [
        ("18_29", "18—29 岁", "18 to 29"),
        ("30_44", "30—44 岁", "30 to 44"),
        ("45_59", "45—59 岁", "45 to 59"),
        ("60_74", "60—74 岁", "60 to 74"),
        ("75_up", "75 岁及以上", "75 and over"),
        ("refused", "不愿回答", "Prefer not to say", {"outside_scale": "refused"}),
    ],
    "gender": [
        ("female", "女", "Female"),
        ("male", "男", "Male"),
        ("refused", "不愿回答", "Prefer not to say", {"outside_scale": "refused"}),
    ],
    "education": [
        ("1", "小学及以下", "Primary school or less"),
        ("2", "初中", "Lower secondary school"),
        ("3", "高中、中专、职高", "Upper secondary or vocational school"),
        ("4", "大专", "Junior college"),
        ("5", "本科及以上", "University degree"),
        ("9", "不愿回答", "Prefer not to say", {"outside_scale": "refused"}),
    ],
    "work": [
        ("employed", "上班（含个体、灵活就业）", "At work (also self-employed)"),
        ("retired", "退休", "Retired"),
        ("home", "在家照料家人", "Looking after the home"),
        ("study", "上学", "In education"),
        ("seeking", "正在找工作", "Looking for work"),
        ("other", "其他", "Other"),
        ("refused", "不愿回答", "Prefer not to say", {"outside_scale": "refused"}),
    ],
    "tenure": [
        ("owner", "自己或家人的房子", "Owned by me or my family"),
        ("rent", "租的房子", "Rented"),
        ("public", "单位或政府提供的房子", "Provided by an employer or the government"),
        ("other", "其他", "Other"),
    ],
}


def agree(name: str, zh: str, en: str, construct: str, *, reverse: bool = False) -> dict[str, str]:
    """One statement to agree or disagree with."""
    row = {"type": "select_one agree", "name": name, "zh": zh, "en": en, "construct": construct}
    return row | ({"scale_reverse": "yes"} if reverse else {})


def table(name: str, zh: str, en: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows under one heading that share their answers."""
    begin = {"type": "begin_group", "name": name, "zh": zh, "en": en, "appearance": "table-list"}
    return [begin, *rows, {"type": "end_group"}]


# The three kinds of service, two services each.
SERVICES = (
    (
        "basic_social",
        "社保、低保、医保等政务事项的办理",
        "Handling of social insurance, minimum income and health insurance",
        "basic",
    ),
    ("basic_health", "社区卫生服务", "The community health service", "basic"),
    ("shared_elderly", "老年食堂、日间照料、托幼", "Meals and day care for old people, child care", "shared"),
    ("shared_culture", "文体活动场地和活动", "Places and activities for culture and sports", "shared"),
    ("market_property", "物业服务", "Property management", "market"),
    ("market_shops", "买菜、修理、家政等便民服务", "Shops, repairs and household services", "market"),
)
KNOWLEDGE = (
    ("who_insurance", "办理社保、低保手续", "Social insurance and minimum income formalities"),
    ("who_dispute", "调解邻里纠纷", "Settling a quarrel between neighbours"),
    ("who_meeting", "召集居民讨论小区里的事", "Calling residents together to discuss common matters"),
    ("who_lift", "修电梯、修楼道灯", "Repairing a lift or the light in the stairwell"),
    ("who_fund", "决定住宅专项维修资金的使用", "Deciding on the use of the housing repair fund"),
)

FORM: list[dict[str, str]] = [
    {
        "type": "note", "name": "intro",
        "zh": "您好！我们想了解居民怎样看自己的社区。问卷不问姓名、电话和住址，约需 10 分钟。您可以不回答任何一题，也可以随时停下。结果只按人数汇总，少于 10 人的不公布。",
        "en": "We would like to know how residents see their community. We do not ask for your name, telephone number or address. It takes about 10 minutes. You may leave out any question and stop at any time. Results are published as totals only, and never for fewer than 10 people.",
    },
    {"type": "select_one consent", "name": "consent", "zh": "您愿意参加这次调查吗？", "en": "Are you willing to take part?",
     "required": "yes", "role": "consent"},
    {"type": "begin_group", "name": "asked", "zh": "问卷", "en": "Questionnaire", "relevant": "${consent} = 'yes'"},
    {"type": "text", "name": "study_code", "zh": "请填写邀请信上的调查编码（没有可不填）", "en": "The survey code on your invitation (leave empty if you have none)",
     "constraint": "regex(., '[A-Z0-9]{6,10}')", "constraint_zh": "编码是 6 到 10 位大写字母或数字", "constraint_en": "The code has 6 to 10 capital letters or digits",
     "role": "study_code"},
    {"type": "select_one zone", "name": "zone", "zh": "您住在哪个片区？", "en": "In which zone do you live?", "required": "yes", "role": "zone"},
    {"type": "select_one community", "name": "community", "zh": "您住在哪个社区？", "en": "In which community do you live?",
     "choice_filter": "zone = ${zone}", "role": "community"},
    {"type": "integer", "name": "years_here", "zh": "您在这个社区住了多少年？（不满一年填 0）", "en": "How many years have you lived in this community? (0 for less than one)",
     "constraint": ". >= 0 and . <= 100", "constraint_zh": "请填 0 到 100 的整数", "constraint_en": "A whole number from 0 to 100"},
    *table("belonging", "下面是对所住社区的一些说法，您是否同意？", "Here are some statements about the community where you live. Do you agree?", [
        agree("belong_member", "我觉得自己是这个社区的一员", "I feel that I am part of this community", "belonging"),
        agree("belong_miss", "如果要搬走，我会舍不得这里的人", "If I moved away, I would miss the people here", "belonging"),
        agree("belong_greet", "我和不少邻居见面会打招呼、聊几句", "I stop and talk with many of my neighbours", "belonging"),
        agree("belong_stranger", "在这个社区，我觉得自己像个外人", "I feel like a stranger in this community", "belonging", reverse=True),
    ]),
    *table("identity", "再请看这几条。", "And these.", [
        agree("identity_name", "别人问起，我愿意说自己是这个社区的人", "When asked, I am glad to say that I am from this community", "identity"),
        agree("identity_share", "社区办成一件事，我觉得也有自己的一份", "When the community gets something done, I feel that I have a share in it", "identity"),
        agree("identity_view", "社区该是什么样子，我和邻居们想法差不多", "My neighbours and I want much the same for this community", "identity"),
        agree("identity_sleep", "对我来说，这里只是睡觉的地方", "For me this is only a place to sleep", "identity", reverse=True),
    ]),
    *table("gain", "想想最近一年，您是否同意下面的说法？", "Thinking of the last twelve months, do you agree with the following?", [
        agree("gain_easier", "社区的变化让我的生活更方便了", "Changes in the community have made my life easier", "gain"),
        agree("gain_answer", "我向社区反映的事情有了回音", "When I raised something with the community, I got an answer", "gain"),
        agree("gain_fair", "社区的好处分得公平", "What the community has to offer is shared out fairly", "gain"),
        agree("gain_nothing", "社区做的事和我家没有什么关系", "What the community does makes no difference to my household", "gain", reverse=True),
    ]),
    {"type": "select_multiple took_part", "name": "took_part", "zh": "最近一年，您参加过下面哪些？（可多选）", "en": "Which of these have you taken part in during the last twelve months? (choose all that apply)",
     "constraint": "not(selected(., 'none') and count-selected(.) > 1)",
     "constraint_zh": "选了“以上都没有”就不能再选其他", "constraint_en": "“None of these” cannot be chosen together with others"},
    {"type": "integer", "name": "meetings", "zh": "最近一年，您参加过几次居民会议或议事协商会？", "en": "How many residents' meetings have you attended in the last twelve months?",
     "relevant": "selected(${took_part}, 'meeting')", "constraint": ". >= 1 and . <= 100",
     "constraint_zh": "请填 1 到 100 的整数", "constraint_en": "A whole number from 1 to 100"},
    {"type": "select_one often", "name": "meeting_done", "zh": "会上议定的事，后来办了吗？", "en": "Was what the meeting decided carried out afterwards?",
     "relevant": "selected(${took_part}, 'meeting')", "measure": "scale"},
    {"type": "select_one why_not", "name": "why_not", "zh": "没有参加，最主要的原因是什么？", "en": "What was the main reason for not taking part?",
     "relevant": "selected(${took_part}, 'none')"},
    {"type": "text", "name": "why_not_other", "zh": "请写明原因（请不要写姓名、电话）", "en": "Please say why (no names or telephone numbers, please)",
     "relevant": "${why_not} = 'other'"},
    *table("willing", "今后如果有机会，您愿意……", "If there were an opportunity, you would ...", [
        agree("willing_meeting", "参加居民会议，商量小区的事", "come to a residents' meeting to discuss common matters", "participation"),
        agree("willing_help", "每月拿出几个小时做志愿服务", "give a few hours a month to volunteering", "participation"),
        agree("willing_group", "牵头或加入一个居民小组", "lead or join a residents' group", "participation"),
    ]),
    {"type": "rank spend", "name": "spend", "zh": "社区如果有一笔公共经费，您认为应当先用在哪里？请按先后排序", "en": "If the community had money to spend, what should come first? Please put these in order"},
    *table("satisfaction", "您对下面各项服务满意吗？", "How satisfied are you with these services?", [
        {"type": "select_one satisfied", "name": f"sat_{name}", "zh": zh, "en": en, "construct": f"satisfaction_{kind}"}
        for name, zh, en, kind in SERVICES
    ]),
    *table("importance", "对您和家人来说，下面各项服务有多重要？", "How important are these services to you and your household?", [
        {"type": "select_one important", "name": f"imp_{name}", "zh": zh, "en": en, "construct": f"importance_{kind}"}
        for name, zh, en, kind in SERVICES
    ]),
    {"type": "select_one satisfied", "name": "sat_overall", "zh": "总的来说，您对社区的治理和服务满意吗？", "en": "All in all, how satisfied are you with the way the community is run and with its services?", "measure": "scale"},
    *table("knowledge", "据您所知，下面的事应当找谁？", "As far as you know, who is responsible for the following?", [
        {"type": "select_one body", "name": name, "zh": zh, "en": en} for name, zh, en in KNOWLEDGE
    ]),
    {"type": "text", "name": "one_change", "zh": "如果只改一件事，您希望社区改什么？（请不要写姓名、电话）", "en": "If one thing could be changed in your community, what should it be? (no names or telephone numbers, please)"},
    {"type": "select_one age", "name": "age", "zh": "您的年龄", "en": "Your age"},
    {"type": "select_one gender", "name": "gender", "zh": "您的性别", "en": "Your gender"},
    {"type": "select_one education", "name": "education", "zh": "您的受教育程度", "en": "Your education", "measure": "scale"},
    {"type": "select_one work", "name": "work", "zh": "您目前的情况是", "en": "What do you do at present?"},
    {"type": "select_one tenure", "name": "tenure", "zh": "您现在住的房子是", "en": "The home you live in is"},
    {"type": "integer", "name": "household", "zh": "一起生活的家人有几位？（包括您自己）", "en": "How many people live in your household, you included?",
     "constraint": ". >= 1 and . <= 20", "constraint_zh": "请填 1 到 20 的整数", "constraint_en": "A whole number from 1 to 20"},
    {"type": "select_one yes_no", "name": "panel_consent", "zh": "以后再做调查时，能否用您的调查编码把两次回答对照起来？（编码与姓名无关）", "en": "May we compare your answers with those of a later survey by means of your survey code? (The code has nothing to do with your name)",
     "role": "panel_consent"},
    {"type": "end_group"},
]  # fmt: skip

_HEADS = {
    "zh": "label::中文 (zh)", "en": "label::English (en)", "hint_zh": "hint::中文 (zh)", "hint_en": "hint::English (en)",
    "constraint_zh": "constraint_message::中文 (zh)", "constraint_en": "constraint_message::English (en)",
}  # fmt: skip
WIDTHS = {
    "type": 24,
    "name": 18,
    "label::中文 (zh)": 52,
    "label::English (en)": 52,
    "relevant": 32,
    "constraint": 32,
}


def workbook() -> bytes:
    """The questionnaire as an XLSForm workbook."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    survey.append(SURVEY)
    for row in FORM:
        cells = {_HEADS.get(key, key): text for key, text in row.items()}
        survey.append([cells.get(head) for head in SURVEY])
    choices = book.create_sheet("choices")
    choices.append(CHOICES)
    for name, options in LISTS.items():
        for option, zh, en, *more in options:
            further: dict[str, str] = more[0] if more else {}
            cells = {"list_name": name, "name": option, CHOICES[2]: zh, CHOICES[3]: en} | further
            choices.append([cells.get(head) for head in CHOICES])
    settings = book.create_sheet("settings")
    settings.append(
        [
            "form_title::中文 (zh)",
            "form_title::English (en)",
            "form_title",
            "form_id",
            "version",
            "default_language",
        ]
    )
    titles = ("社区治理居民问卷", "Resident questionnaire on community governance")
    settings.append([*titles, titles[0], "resident_questionnaire", VERSION, "中文 (zh)"])
    for sheet in book.worksheets:
        for place, cell in enumerate(sheet[1], 1):
            cell.font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(str(cell.value), 16)
        for cells_of_row in sheet.iter_rows(min_row=2):
            for cell in cells_of_row:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.freeze_panes = "C2"
    return book_bytes(book)


def descriptor(data: bytes) -> dict[str, object]:
    """The Frictionless description of the workbook."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "questionnaire",
        "title": "社区治理居民问卷 / Resident questionnaire on community governance",
        "description": (
            "An XLSForm workbook in Chinese and English: belonging, identity, sense of gain, participation, "
            "satisfaction with and importance of three kinds of service (basic public, shared, market), knowledge of who does "
            "what, and background without ethnicity or religion. It holds questions and no answers; zones and "
            "communities in it are fictional examples to be replaced. Columns that XLSForm tools ignore: construct, "
            "scale_reverse, measure, role (survey); outside_scale, other_text (choices)."
        ),
        "version": VERSION,
        "created": f"{VERSION}T00:00:00Z",
        "licenses": [{"name": "MIT", "title": "MIT License", "path": "https://spdx.org/licenses/MIT.html"}],
        "sources": [{"title": "Written for govlab; no published scale is reproduced"}],
        "contributors": [{"title": "the govlab team", "roles": ["creator"]}],
        "synthetic": "n/a",
        "resources": [
            {
                "name": "questionnaire",
                "path": "questionnaire.xlsx",
                "title": "XLSForm workbook: survey, choices, settings",
                "format": "xlsx",
                "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
            }
        ],
    }


def main() -> None:
    """Write both files beside this script."""
    data = workbook()
    (FOLDER / "questionnaire.xlsx").write_bytes(data)
    text = json.dumps(descriptor(data), ensure_ascii=False, indent=2)
    (FOLDER / "datapackage.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
