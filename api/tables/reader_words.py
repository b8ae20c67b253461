"""What the reader of DMN files says, in other languages than its own. It has no codes, so its
English sentences are told by their form.

A sentence that is not here is not lost: it is answered in general terms, and in full as ``detail``.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cases.messages import Language, Words, catalogue, say
from cases.messages.text import Text, words
from rules.errors import Problem


def said(problem: Problem, language: Language) -> tuple[str, str]:
    """A problem with its place in the table, and its cure."""
    place = say(PLACES, _place(problem), language, {"row": problem.row, "column": problem.column})
    for code, form in _FORMS.items():
        found = re.fullmatch(form.pattern, problem.message, re.DOTALL)
        if found is not None:
            message, cure = words(SENTENCES, code, language, found.groupdict())
            return say(PLACES, "said", language, {"place": place, "message": message}), cure
    return words(SENTENCES, "any_other", language, {"place": place})


def _place(problem: Problem) -> str:
    row, column = bool(problem.row), bool(problem.column)
    return "cell" if row and column else "row" if row else "column" if column else "file"


PLACES: Final = catalogue(
    "table_places",
    {
        "file": Words("文件", "the file"),
        "row": Words("第 {row} 行", "row {row}"),
        "column": Words("“{column}”列", "column “{column}”"),
        "cell": Words("第 {row} 行“{column}”列", "row {row}, column “{column}”"),
        "said": Words("{place}：{message}", "{place}: {message}"),
    },
)
_ANY_OTHER = Text("{place}有误，无法使用", "{place}: it cannot be used", "请按 detail 的说明改正", "do as detail says")


class _Form(NamedTuple):
    """How the reader says it (a pattern whose groups are the placeholders), and how people do."""

    pattern: str
    text: Text


_FORMS: Final = {
    "never_matches": _Form(
        r"(?P<cell>.*) can never match a (?P<kind>.*)",
        Text(
            "{cell} 不可能等于 {kind} 类型的值",
            "{cell} can never match a {kind}",
            "请填写该列类型的值",
            "give a value of the column's type",
        ),
    ),
    "no_moment": _Form(
        r"(?P<cell>.*) holds no date or duration",
        Text(
            "{cell} 中没有日期或时长",
            "{cell} holds no date or duration",
            '请写作 date("2026-11-21") 或 duration("P7D")',
            'write date("2026-11-21") or duration("P7D")',
        ),
    ),
    "no_output_value": _Form(
        r"(?P<cell>.*) is not among the output values",
        Text(
            "{cell} 不在输出值列表中",
            "{cell} is not among the output values",
            "请使用列出的值，或将其加入列表",
            "take a listed value, or add it to the list",
        ),
    ),
    "other_type": _Form(
        r"(?P<cell>.*) is no (?P<kind>number|string|boolean|date.*|time|.*duration)",
        Text(
            "{cell} 不是 {kind} 类型",
            "{cell} is no {kind}",
            "请填写该列类型的值，或修改类型",
            "give a value of the column's type, or change the type",
        ),
    ),
    "no_input": _Form(
        r"a cell reads “(?P<name>.*)”, which is no input",
        Text(
            "单元格引用了“{name}”，但没有这个输入",
            "a cell reads “{name}”, which is no input",
            "如为文本，请加引号",
            "a text needs quotes",
        ),
    ),
    "cells_missing": _Form(
        r"the row has (?P<found>.*), the table (?P<wanted>.*)",
        Text(
            "单元格数与列数不一致",
            "the row has not as many cells as the table has columns",
            "请补全该行",
            "complete the row",
        ),
    ),
    "unparsed": _Form(
        r"(?P<reason>.*), at (?P<place>\d+) in: (?P<text>.*)",
        Text(
            "表达式无法解析，第 {place} 个字符附近：{text}",
            "the expression cannot be read, near sign {place}: {text}",
            "请检查 FEEL 语法；文本需加引号",
            "check its FEEL; a text needs quotes",
        ),
    ),
    "rows_in_file": _Form(
        r"the file has (?P<count>\d+) rows, more than (?P<most>\d+)",
        Text(
            "共有 {count} 行，超过 {most} 行",
            "it has {count} rows, more than {most}",
            "请拆分为多个决策表",
            "split it into several tables",
        ),
    ),
    "columns_in_file": _Form(
        r"the file has (?P<count>\d+) columns, more than (?P<most>\d+)",
        Text(
            "共有 {count} 个输入列，超过 {most} 个",
            "it has {count} input columns, more than {most}",
            "请拆分为多个决策表",
            "split it into several tables",
        ),
    ),
    "examples_in_file": _Form(
        r"the file has (?P<count>\d+) examples, more than (?P<most>\d+)",
        Text(
            "共有 {count} 个示例，超过 {most} 个",
            "it has {count} examples, more than {most}",
            "请拆分为多个决策表",
            "split it into several tables",
        ),
    ),
    "no_row": _Form(
        r"the table has no row", Text("决策表没有任何一行", "the table has no row", "请增加一行", "add a row")
    ),
    "no_output": _Form(
        r"the table has no output",
        Text("决策表没有输出列", "the table has no output", "请增加输出列", "add an output column"),
    ),
    "row_ids": _Form(
        r"two rows have the same id",
        Text(
            "有两行使用相同的 id",
            "two rows have the same id",
            "请为每行设置不同的 id",
            "give each row an id of its own",
        ),
    ),
    "output_names": _Form(
        r"output columns need names, each its own",
        Text(
            "输出列缺少名称或名称重复",
            "output columns need names, each its own",
            "请为每个输出列命名",
            "name each output column",
        ),
    ),
    "no_expression": _Form(
        r"the input column has no expression",
        Text("输入列没有表达式", "the input column has no expression", "请填写其对应的输入", "say which input it is"),
    ),
    "hit_policy": _Form(
        r"its hit policy is unknown",
        Text(
            "命中策略无法识别",
            "its hit policy is unknown",
            "请使用 UNIQUE、FIRST、ANY、PRIORITY、COLLECT 等",
            "use UNIQUE, FIRST, ANY, PRIORITY, COLLECT or another of DMN",
        ),
    ),
    "no_order": _Form(
        r"its hit policy needs an order of outputs",
        Text(
            "该命中策略需要输出值的先后次序",
            "its hit policy needs an order of outputs",
            "请列出输出值，靠前者优先",
            "list the output values, the first ones count most",
        ),
    ),
    "aggregation": _Form(
        r"the aggregation “(?P<name>.*)” does not fit",
        Text(
            "不能使用汇总方式“{name}”",
            "the aggregation “{name}” does not fit",
            "请在 COLLECT 下使用 SUM、MIN、MAX 或 COUNT",
            "use SUM, MIN, MAX or COUNT, with COLLECT",
        ),
    ),
    "decision_id": _Form(
        r"the decision id “(?P<key>.*)” is missing or used twice",
        Text(
            "决策的 id 缺失或重复：{key}",
            "the decision id is missing or used twice: {key}",
            "请设置不同的 id",
            "give each its own id",
        ),
    ),
    "not_in_file": _Form(
        r"it requires “(?P<key>.*)”, which is not in this file",
        Text(
            "所依赖的“{key}”不在文件中",
            "it requires “{key}”, which is not in the file",
            "请将其加入文件",
            "add it to the file",
        ),
    ),
    "mutual": _Form(
        r"it requires “(?P<key>.*)”, which requires it",
        Text("与“{key}”互相依赖", "it requires “{key}”, which requires it", "请去掉其中一条", "remove one of the two"),
    ),
    "held": _Form(
        r"the file holds (?P<held>.*), not “(?P<key>.*)”",
        Text(
            "文件中是 {held}，没有“{key}”",
            "the file holds {held}, not “{key}”",
            "请将决策的 id 设为 {key}",
            "give the decision the id {key}",
        ),
    ),
    "rows_in_table": _Form(
        r"the table has (?P<rows>\d+) rows, more than (?P<most>\d+)",
        Text("共 {rows} 行，超过 {most} 行", "it has {rows} rows, more than {most}", "请拆分决策表", "split the table"),
    ),
    "not_feel": _Form(
        r"its (?:expression )?language is .*not FEEL",
        Text("表达式语言不是 FEEL", "its language is not FEEL", "请改写为 FEEL", "write it in FEEL"),
    ),
}
SENTENCES: Final = catalogue(
    "table_reader", {code: form.text for code, form in _FORMS.items()} | {"any_other": _ANY_OTHER}
)
"""Codes of this module's own, for translations."""
