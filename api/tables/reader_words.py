"""What the reader of DMN files says, in Chinese. It has no codes, so its English sentences are told
by their form.

A sentence that is not here is not lost: it is answered in general terms, and in full as ``detail``.
"""

from __future__ import annotations

import re
from typing import Final

from cases.messages.zh import Zh
from rules.errors import Problem


def said(problem: Problem) -> Zh:
    """A problem with its place in the table."""
    places = (f"第 {problem.row} 行" if problem.row else "", f"“{problem.column}”列" if problem.column else "")
    place = "".join(places) or "文件"
    for form, words in _SENTENCES:
        found = form.fullmatch(problem.message)
        if found is not None:
            message, cure = (text.format(**found.groupdict()) for text in words)
            return Zh(f"{place}：{message}", cure)
    return Zh(f"{place}有误，无法使用", "请按 detail 的说明改正")


def _forms(sentences: dict[str, Zh]) -> tuple[tuple[re.Pattern[str], Zh], ...]:
    return tuple((re.compile(form, re.DOTALL), words) for form, words in sentences.items())


_SENTENCES: Final = _forms(
    {
        # cells
        r"(?P<cell>.*) can never match a (?P<kind>.*)": Zh("{cell} 不可能等于 {kind} 类型的值", "请填写该列类型的值"),
        r"(?P<cell>.*) holds no date or duration": Zh(
            "{cell} 中没有日期或时长", '请写作 date("2026-11-21") 或 duration("P7D")'
        ),
        r"(?P<cell>.*) is not among the output values": Zh("{cell} 不在输出值列表中", "请使用列出的值，或将其加入列表"),
        r"(?P<cell>.*) is no (?P<kind>number|string|boolean|date.*|time|.*duration)": Zh(
            "{cell} 不是 {kind} 类型", "请填写该列类型的值，或修改类型"
        ),
        r"a cell reads “(?P<name>.*)”, which is no input": Zh(
            "单元格引用了“{name}”，但没有这个输入", "如为文本，请加引号"
        ),
        r"the row has (?P<found>.*), the table (?P<wanted>.*)": Zh("单元格数与列数不一致", "请补全该行"),
        r"(?P<reason>.*), at (?P<place>\d+) in: (?P<text>.*)": Zh(
            "表达式无法解析，第 {place} 个字符附近：{text}", "请检查 FEEL 语法；文本需加引号"
        ),
        # columns and tables
        r"the file has (?P<count>\d+) rows, more than (?P<most>\d+)": Zh(
            "共有 {count} 行，超过 {most} 行", "请拆分为多个决策表"
        ),
        r"the file has (?P<count>\d+) columns, more than (?P<most>\d+)": Zh(
            "共有 {count} 个输入列，超过 {most} 个", "请拆分为多个决策表"
        ),
        r"the file has (?P<count>\d+) examples, more than (?P<most>\d+)": Zh(
            "共有 {count} 个示例，超过 {most} 个", "请拆分为多个决策表"
        ),
        r"the table has no row": Zh("决策表没有任何一行", "请增加一行"),
        r"the table has no output": Zh("决策表没有输出列", "请增加输出列"),
        r"two rows have the same id": Zh("有两行使用相同的 id", "请为每行设置不同的 id"),
        r"output columns need names, each its own": Zh("输出列缺少名称或名称重复", "请为每个输出列命名"),
        r"the input column has no expression": Zh("输入列没有表达式", "请填写其对应的输入"),
        r"its hit policy is unknown": Zh("命中策略无法识别", "请使用 UNIQUE、FIRST、ANY、PRIORITY、COLLECT 等"),
        r"its hit policy needs an order of outputs": Zh("该命中策略需要输出值的先后次序", "请列出输出值，靠前者优先"),
        r"the aggregation “(?P<name>.*)” does not fit": Zh(
            "不能使用汇总方式“{name}”", "请在 COLLECT 下使用 SUM、MIN、MAX 或 COUNT"
        ),
        # decisions and files
        r"the decision id “(?P<key>.*)” is missing or used twice": Zh("决策的 id 缺失或重复：{key}", "请设置不同的 id"),
        r"it requires “(?P<key>.*)”, which is not in this file": Zh("所依赖的“{key}”不在文件中", "请将其加入文件"),
        r"it requires “(?P<key>.*)”, which requires it": Zh("与“{key}”互相依赖", "请去掉其中一条"),
        r"the file holds (?P<held>.*), not “(?P<key>.*)”": Zh(
            "文件中是 {held}，没有“{key}”", "请将决策的 id 设为 {key}"
        ),
        r"the table has (?P<rows>\d+) rows, more than (?P<most>\d+)": Zh(
            "共 {rows} 行，超过 {most} 行", "请拆分决策表"
        ),
        r"its (?:expression )?language is .*not FEEL": Zh("表达式语言不是 FEEL", "请改写为 FEEL"),
    }
)
