"""The sheets of a network's file and their columns: what they are called, how a cell is read and
written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cli.importer.headings import plain
from cli.importer.network.cells import CELLS, Cell

CODE = "code"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field, its heading and others that mean the same (between blanks), how its
    cells are read.

    ``hours/0`` is the first of the list ``hours``, which all its columns make together.
    """

    field: str
    heading: str
    others: str
    cell: Cell
    example: str = ""


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """A kind of entry: its name in the API, the names of its sheet or file (between blanks), its
    columns."""

    kind: str
    names: str
    columns: tuple[Column, ...]

    @property
    def title(self) -> str:
        """What a sheet that we write is called."""
        return f"{self.names.split()[0]} {self.kind}"

    @property
    def meanings(self) -> Mapping[str, str]:
        """Compared heading → field; of two columns that share a word the first has it."""
        found: dict[str, str] = {}
        for column in self.columns:
            for word in (column.heading, column.field, *column.others.split()):
                found.setdefault(plain(word), column.field)
        return found


def _column(field: str, heading: str, others: str = "", cell: str = "text", example: str = "") -> Column:
    return Column(field, heading, others, CELLS[cell], example)


def _sheet(kind: str, names: str, *columns: Column) -> EntrySheet:
    return EntrySheet(kind, names, columns)


_ACTIVE = _column("active", "在用", "启用 是否启用 是否在用 状态 有效 active enabled", "flag", "是")
_CERTIFICATES = _column("certificates", "认证", "认证资质 资质 持有认证 certificate", "list", "nev")
_REGION = _column("region", "大区", "所属大区 区域 所属区域 大区编码 region", example="华北区")


def _code(heading: str, others: str, example: str) -> Column:
    return _column(CODE, heading, f"编码 代码 编号 code {others}", example=example)


_WEEK = (
    ("一", "monday mon"),
    ("二", "tuesday tue"),
    ("三", "wednesday wed"),
    ("四", "thursday thu"),
    ("五", "friday fri"),
    ("六", "saturday sat"),
    ("日", "sunday sun 周天 星期天"),
)

SHEETS: Mapping[str, EntrySheet] = {
    one.kind: one
    for one in (
        _sheet(
            "regions",
            "大区 区域 region",
            _code("大区编码", "区域编码 大区代码", "NORTH"),
            _column("name", "大区名称", "名称 大区 区域名称", example="华北区"),
        ),
        _sheet("cities", "城市 city", _column(CODE, "城市", "城市名称 名称 city 编码 code", example="北京"), _REGION),
        _sheet(
            "places",
            "行政区 省市 省份 place",
            _column(CODE, "行政区划代码", "代码 编码 区划代码 code adcode", example="110000"),
            _REGION,
        ),
        _sheet(
            "models",
            "车型 车款 model",
            _code("车型编码", "车型代码 model", "solterra"),
            _column("name", "车型名称", "名称 车型 model", example="Solterra 纯电"),
            _column("aliases", "别名", "写法 其他写法 俗称 alias", "list", "Solterra、斯巴鲁Solterra"),
            _column("price", "指导价", "价格 官方指导价 指导价元 listprice", "number", "199800"),
            _column("certificate", "所需认证", "认证 需要认证 资质", "optional", "nev"),
            _column("active", "在售", "在用 启用 是否在售 状态 active", "flag", "是"),
        ),
        _sheet(
            "channels",
            "渠道 来源 channel",
            _code("渠道编码", "渠道代码 channel", "maker.vertical.dongchedi"),
            _column("name", "渠道名称", "名称 渠道", example="懂车帝"),
            _column("parent", "上级渠道", "上级 父级 上级编码 父级渠道", "optional", "maker.vertical"),
            _column("side", "归属", "归属方 厂商经销商 类别", "side", "厂商"),
            _ACTIVE,
        ),
        _sheet(
            "dealers",
            "经销商 门店 店 dealer",
            _code("经销商编码", "门店编码 店代码 店编码 经销商代码 网点代码 dealer", "BJ01"),
            _column("name", "经销商名称", "名称 门店名称 店名 经销商 经销商全称", example="北京翔鹰斯巴鲁4S店"),
            _REGION,
            _column("city", "城市", "所在城市 城市名称", example="北京"),
            _column("latitude", "纬度", "lat", "degrees", "39.99"),
            _column("longitude", "经度", "lng lon", "degrees", "116.47"),
            _column("models", "在售车型", "车型 销售车型 可售车型 model", "list", "傲虎、solterra"),
            _CERTIFICATES,
            _column("daily_capacity", "日容量", "日承接量 每日上限 日线索上限 容量 capacity", "number", "40"),
            _column("performance", "绩效", "绩效分 考核分 绩效得分", "number", "80"),
            _ACTIVE,
        ),
        _sheet(
            "staff",
            "人员 员工 顾问 people person",
            _code("人员编码", "工号 员工编号 员工编码 人员代码 账号 staff", "BJ01-C1"),
            _column("name", "姓名", "名字 员工姓名 人员姓名 顾问姓名", example="李晓东"),
            _column("role", "角色", "岗位 职位 职务 position title", "role", "销售顾问"),
            _column("dealer", "经销商", "所属经销商 门店 所属门店 经销商编码 店代码 dealer", "optional", "BJ01"),
            _column("region", "大区", "所属大区 区域 大区编码", "optional"),
            _column("skills", "擅长车型", "车型 擅长 skill", "list", "傲虎"),
            _CERTIFICATES,
            _column("rest_days", "休息日", "每周休息 周休 轮休 restdays", "weekdays", "周二"),
            _column("ability", "能力", "能力分 能力值", "number", "70"),
            _column("max_open", "在办上限", "线索上限 最大在办 上限", "number", "60"),
            _column("language", "语言", "通知语言", "language", "zh"),
            _column("active", "在职", "在用 启用 状态 是否在职 active", "flag", "是"),
        ),
        _sheet(
            "absences",
            "请假 休假 缺勤 absence leave",
            _column(CODE, "请假编码", "编码 code 编号", example="BJ01-C1-20270104"),
            _column("staff", "人员", "工号 员工编号 人员编码 姓名 员工 staff", example="BJ01-C1"),
            _column("starts_at", "开始", "开始时间 请假开始 自 from start", "instant", "2027-01-04"),
            _column("ends_at", "结束", "结束时间 请假结束 至 返岗 to end", "instant", "2027-01-09"),
            _column("reason", "原因", "说明 备注 事由 假别", "given", "年假"),
        ),
        _sheet(
            "contact-points",
            "联系方式 通知地址 邮箱 contact",
            _column(CODE, "联系方式编码", "编码 code 编号", example="BJ01-M1-mail"),
            _column("staff", "人员", "工号 员工编号 人员编码 姓名 员工 staff", example="BJ01-M1"),
            _column("channel", "通道", "渠道 方式 channel", "way", "邮件"),
            _column("address", "地址", "邮箱 邮件 邮箱地址 电子邮箱 mail email", example="manager@example.com"),
        ),
        _sheet(
            "closures",
            "停业 歇业 closure",
            _column(CODE, "停业编码", "编码 code 编号", example="BJ01-20270101"),
            _column("dealer", "经销商", "门店 经销商编码 店代码", example="BJ01"),
            _column("starts_at", "开始", "开始时间 停业开始 自 from start", "instant", "2027-01-01"),
            _column("ends_at", "结束", "结束时间 停业结束 至 恢复 to end", "instant", "2027-01-03"),
            _column("reason", "原因", "说明 备注 事由", "words", "盘点"),
        ),
        _sheet(
            "hours",
            "工作时间 营业时间 上班时间 工时",
            _column(CODE, "工作时间编码", "编码 code 编号", example="dealer-BJ01-2026-10-01"),
            _column("team", "适用对象", "对象 归属 team", "team", "经销商"),
            _column("dealer", "经销商", "门店 经销商编码 店代码", "optional", "BJ01"),
            _column("region", "大区", "所属大区 区域 大区编码", "optional"),
            _column("valid_from", "生效日", "生效日期 起 自 开始 validfrom from", "day", "2026-10-01"),
            *(
                _column(
                    f"hours/{at}", f"周{day}", f"星期{day} 礼拜{day} {names}", "intervals", "08:30-12:00 13:30-18:00"
                )
                for at, (day, names) in enumerate(_WEEK)
            ),
            _column("holidays", "节假日上班", "节假日 节假日营业 holidays", "flag", "否"),
        ),
        _sheet(
            "calendar-days",
            "日历 节假日 工作日历 calendar",
            _column(CODE, "日期", "day date code", "day", example="2027-01-01"),
            _column("working", "上班", "是否上班 工作日 是否工作日", "flag", "否"),
            _column("name", "名称", "节日 节假日 说明", "words", "元旦"),
            _column("confirmed", "已公布", "已确认 确认 是否公布", "flag", "是"),
        ),
    )
}
"""Every kind, those that others refer to first."""


def of_name(name: str) -> EntrySheet | None:
    """The kind that a sheet or file is of, by its name: ``dealers``, ``经销商``, ``经销商 dealers``."""
    words = {plain(one) for one in (name, *name.replace("_", " ").split())}
    for sheet in SHEETS.values():
        known = {plain(one) for one in (sheet.kind, sheet.title, *sheet.names.split())}
        if words & (known | {f"{one}s" for one in known}):
            return sheet
    return None
