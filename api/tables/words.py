"""What a review found, in the caller's words. The checkers speak English, and precisely; Chinese is
said by code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import Field

from api.problems import FieldProblemBody
from api.tables import reader_words
from cases.messages import Language
from cases.messages.text import fill
from cases.messages.zh import Zh
from domain.policy.breaches import Breach
from domain.policy.review import Broken, Found, Review, ReviewStage
from rules.agreement import Disagreement
from rules.analysis import Severity
from rules.errors import Problem
from rules.feel import literal, to_json, to_value


class TableProblem(FieldProblemBody):
    """One thing that a review found; ``field`` is the column or input, if it is about one."""

    severity: Severity = Field(
        description="error: must be cured before publication; warning: hardly meant; note: to know"
    )
    decision: str
    rows: list[int] = Field(description="Numbers of rows, from 1")
    line: int | None = Field(description="Line of the file, from 1")
    example: dict[str, Any] | None = Field(description="Inputs that show it")
    detail: str = Field(description="The checker's own sentence, which names what it means")


def told(review: Review, language: Language) -> list[TableProblem]:
    """All that a review found, what forbids publication first."""
    found = list(_told(review, language))
    return sorted(found, key=lambda one: _GRAVITY.index(one.severity))


_GRAVITY: Final = list(Severity)


def _told(review: Review, language: Language) -> Iterator[TableProblem]:
    yield from (_problem(one, language) for one in review.problems)
    if review.cut:
        names = ", ".join(review.cut)
        sentence = f"the review was broken off at a limit; not done: {names}. Simplify the table or its expressions."
        yield _view(language, "review_cut", sentence, {"stages": "、".join(_STAGES[one] for one in review.cut)})
    yield from (_breach(one, language) for one in review.contract)
    yield from (_broken(one, language) for one in review.differences)
    yield from (_disagreement(one, language) for one in review.disagreements)
    yield from (_found(one, language) for one in review.findings)


_STAGES: Final = {
    ReviewStage.READING: "读取",
    ReviewStage.ANALYSIS: "静态分析",
    ReviewStage.EXAMPLES: "示例",
    ReviewStage.EVALUATORS: "求值器比对",
    ReviewStage.CONTRACT: "系统约定",
}


def _problem(one: Problem, language: Language) -> TableProblem:
    words = reader_words.said(one)
    return _view(
        language,
        "unreadable",
        f"{one.message}. {one.cure}.",
        {"message": words.message, "cure": words.cure},
        field=one.column,
        decision=one.decision,
        rows=[one.row] if one.row else [],
        line=one.line,
    )


def _breach(one: Breach, language: Language) -> TableProblem:
    return _view(
        language,
        one.code,
        f"{one.message}. {one.cure}.",
        {"field": one.field, **one.words},
        field=one.field,
        decision=one.decision,
        rows=[one.row] if one.row else [],
        line=one.line,
        example=one.example,
    )


def _broken(one: Broken, language: Language) -> TableProblem:
    made = one.difference
    params = {"example": made.example, "output": made.output, "expected": made.expected, "got": made.got}
    sentence = f"the example {made}. Correct the table, or the example."
    return _view(language, "example_differs", sentence, params, field=made.output, decision=one.decision, line=one.line)


def _disagreement(one: Disagreement, language: Language) -> TableProblem:
    params = {"first": str(one.durable_rules), "second": str(one.reference)}
    sentence = f"the two evaluators do not agree: {one}. Write the cells in another way, and report it."
    return _view(language, "evaluators_differ", sentence, params, decision=one.decision, example=one.inputs)


def _found(one: Found, language: Language) -> TableProblem:
    finding = one.finding
    example = ", ".join(f"{name} = {literal(value)}" for name, value in (finding.example or {}).items())
    params = {"rows": "、".join(map(str, finding.rows)), "example": f"（例如 {example}）" if example else ""}
    return _view(
        language,
        finding.code,
        finding.message,
        params,
        severity=finding.severity,
        decision=one.decision,
        rows=list(finding.rows),
        line=one.line,
        example=finding.example,
    )


def _view(
    language: Language,
    code: str,
    sentence: str,
    params: Mapping[str, str],
    *,
    field: str = "",
    severity: Severity = Severity.ERROR,
    decision: str = "",
    rows: list[int] | None = None,
    line: int | None = None,
    example: Mapping[str, object] | None = None,
) -> TableProblem:
    # A sentence of the checkers ends with the cure, as a sentence of its own.
    message, _, cure = sentence.removesuffix(".").rpartition(". ")
    if language == "zh" and code in CODES:
        message, cure = (fill(text, dict(params)) for text in CODES[code])
    return TableProblem(
        field=field,
        code=code,
        message=message,
        cure=cure,
        severity=severity,
        decision=decision,
        rows=rows or [],
        line=line,
        example=None if example is None else {name: to_json(to_value(value)) for name, value in example.items()},
        detail=sentence,
    )


CODES: Final[dict[str, Zh]] = {
    # the file
    "unreadable": Zh("{message}", "{cure}"),
    "review_cut": Zh("检查超出限制而中止，未完成：{stages}", "请简化表格或其中的表达式"),
    # what the code that asks the table needs
    "input_not_given": Zh("表中使用了“{field}”，但系统不提供该输入", "请只使用：{given}"),
    "input_refused": Zh("系统可能给出 {field} = {value}，而该表不接受", "请允许该取值，并用一行说明其含义"),
    "output_missing": Zh("系统需要“{field}”，但该表没有这一列", "请增加该输出列"),
    "output_not_understood": Zh("“{field}”的值 {value} 无法识别", "可以识别的值：{understood}"),
    "output_misspelt": Zh("“{field}”的值 {value} 无法识别", "是否应为 {near}？"),
    "input_misspelt": Zh("没有名为 {value} 的“{field}”", "是否应为 {near}？"),
    "input_unknown": Zh("没有名为 {value} 的“{field}”", "可用的有：{known}"),
    "output_not_storable": Zh(
        "“{field}”的值无法保存：含有 NUL、半个字符，或数字过长", "请填写不含控制字符的文本，或不超过 4000 位的数字"
    ),
    "answer_missing": Zh("系统需要“{field}”，但该表没有给出结果", "请为该输入增加一行，或设置默认输出"),
    "several_answers": Zh("系统需要一个结果，而该命中策略给出列表", "请改用 UNIQUE、FIRST、ANY、PRIORITY 或汇总"),
    "endless": Zh("{field} = {value} 时仍有结果，将永无止境", "最后一行之后不应再有行命中"),
    "too_much": Zh("表达式的计算量超出上限：{why}", "请简化表达式，或缩小列表和文本"),
    "undecided": Zh("系统可能提出的问题无法得出结果：{why}", "请修改有关的行"),
    # what was tried
    "example_differs": Zh("示例“{example}”的 {output} 为 {got}，应为 {expected}", "请改正表格，或改正示例"),
    "evaluators_differ": Zh("两个求值器结果不同：{first}；{second}", "请改变单元格的写法，并报告此问题"),
    # the static analysis
    "gap": Zh("有输入不符合任何一行{example}", "请为其增加一行，或设置默认输出"),
    "nothing_collected": Zh("有输入得不到任何结果{example}", "如应有结果，请增加一行"),
    "overlap": Zh("第 {rows} 行同时适用，而命中策略只允许一个结果{example}", "请收窄其中一行"),
    "contradiction": Zh("第 {rows} 行条件相同、结果不同{example}", "请删除其中一行"),
    "tie": Zh("第 {rows} 行条件与优先级相同、结果不同，只由先后决定{example}", "请删除其中一行"),
    "duplicate": Zh("第 {rows} 行内容相同{example}", "请删除其中一行"),
    "impossible": Zh("第 {rows} 行不可能命中任何输入", "请改正单元格，或删除该行"),
    "shadowed": Zh("第 {rows} 行永远被更靠前的行抢先{example}", "请将其上移，或删除"),
    "input_not_allowed": Zh("第 {rows} 行使用了该列不允许的值", "请去掉该值，或将其列为允许的值"),
    "output_not_allowed": Zh("第 {rows} 行的结果不在允许的输出值之内{example}", "请使用列出的值，或将其加入列表"),
    "unknown": Zh("第 {rows} 行不只与常量比较，未作判断", "请用示例检验"),
    "bounded": Zh("分析提前结束，可能还有其他问题", "请先改正已列出的问题，再检查一次"),
}
"""By the codes of ``rules.analysis`` and ``domain.policy.breaches``, and those of this module."""
