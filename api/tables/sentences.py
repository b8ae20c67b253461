"""What a review of a table can find, in the words of its readers, and what a review consists of."""

from __future__ import annotations

from typing import Final

from cases.messages import Words, catalogue
from cases.messages.text import Text
from domain.policy.review import ReviewStage

STAGES: Final = catalogue(
    "review_stages",
    {
        ReviewStage.READING: Words("读取", "reading"),
        ReviewStage.ANALYSIS: Words("静态分析", "analysis"),
        ReviewStage.EXAMPLES: Words("示例", "examples"),
        ReviewStage.EVALUATORS: Words("求值器比对", "comparison of evaluators"),
        ReviewStage.CONTRACT: Words("系统约定", "contract"),
    },
)


_CODES: dict[str, Text] = {
    # the file
    "unreadable": Text("{message}", "{message}", "{cure}", "{cure}"),
    "review_cut": Text(
        "检查超出限制而中止，未完成：{stages}",
        "the review was broken off at a limit; not done: {stages}",
        "请简化表格或其中的表达式",
        "simplify the table or its expressions",
    ),
    # what the code that asks the table needs
    "input_not_given": Text(
        "表中使用了“{field}”，但系统不提供该输入",
        "the table asks for “{field}”, which Baton does not give it",
        "请只使用：{given}",
        "ask for one of {given}",
    ),
    "input_refused": Text(
        "系统可能给出 {field} = {value}，而该表不接受",
        "Baton may give {value} as “{field}”, and the table refuses it",
        "请允许该取值，并用一行说明其含义",
        "allow the value, and say in a row what it means",
    ),
    "output_missing": Text(
        "系统需要“{field}”，但该表没有这一列",
        "Baton reads “{field}”, which the table does not give",
        "请增加该输出列",
        "add the output column",
    ),
    "output_not_understood": Text(
        "“{field}”的值 {value} 无法识别",
        "“{field}” is {value}, which Baton does not understand",
        "可以识别的值：{understood}",
        "these are understood: {understood}",
    ),
    "output_misspelt": Text(
        "“{field}”的值 {value} 无法识别",
        "“{field}” is {value}, which Baton does not understand",
        "是否应为 {near}？",
        "did you mean {near}?",
    ),
    "input_misspelt": Text(
        "没有名为 {value} 的“{field}”", "no “{field}” is called {value}", "是否应为 {near}？", "did you mean {near}?"
    ),
    "input_unknown": Text(
        "没有名为 {value} 的“{field}”", "no “{field}” is called {value}", "可用的有：{known}", "there are: {known}"
    ),
    "output_not_storable": Text(
        "“{field}”的值无法保存：含有 NUL、半个字符，或数字过长",
        "“{field}” cannot be stored: it holds a NUL, half of a character, or a number too long",
        "请填写不含控制字符的文本，或不超过 4000 位的数字",
        "write a text without control characters, or a number of at most 4,000 digits",
    ),
    "answer_missing": Text(
        "系统需要“{field}”，但该表没有给出结果",
        "Baton needs “{field}”, and the table says nothing",
        "请为该输入增加一行，或设置默认输出",
        "add a row for this input, or a default",
    ),
    "several_answers": Text(
        "系统需要一个结果，而该命中策略给出列表",
        "one answer is needed, and this hit policy gives a list",
        "请改用 UNIQUE、FIRST、ANY、PRIORITY 或汇总",
        "take UNIQUE, FIRST, ANY or PRIORITY, or an aggregation",
    ),
    "endless": Text(
        "{field} = {value} 时仍有结果，将永无止境",
        "at {field} = {value} there is still an answer: this would go on for ever",
        "最后一行之后不应再有行命中",
        "let no row apply beyond the last one",
    ),
    "too_much": Text(
        "表达式的计算量超出上限：{why}",
        "an expression asks for more than the bounds allow: {why}",
        "请简化表达式，或缩小列表和文本",
        "take a shorter way, or smaller lists and texts",
    ),
    "undecided": Text(
        "系统可能提出的问题无法得出结果：{why}",
        "Baton may ask this, and it cannot be decided: {why}",
        "请修改有关的行",
        "change the rows that are concerned",
    ),
    # what was tried
    "example_differs": Text(
        "示例“{example}”的 {output} 为 {got}，应为 {expected}",
        "the example “{example}” gives {got} for {output}, expected is {expected}",
        "请改正表格，或改正示例",
        "correct the table, or the example",
    ),
    "evaluators_differ": Text(
        "两个求值器结果不同：{first}；{second}",
        "the two evaluators do not agree: {first}; {second}",
        "请改变单元格的写法，并报告此问题",
        "write the cells in another way, and report it",
    ),
    # the static analysis
    "gap": Text(
        "有输入不符合任何一行{example}",
        "no row covers an input{example}",
        "请为其增加一行，或设置默认输出",
        "add a row for it, or a default output",
    ),
    "nothing_collected": Text(
        "有输入得不到任何结果{example}",
        "an input gets no result{example}",
        "如应有结果，请增加一行",
        "add a row if there should be a result",
    ),
    "overlap": Text(
        "第 {rows} 行同时适用，而命中策略只允许一个结果{example}",
        "rows {rows} apply at once where the hit policy allows one outcome{example}",
        "请收窄其中一行",
        "narrow one of them",
    ),
    "contradiction": Text(
        "第 {rows} 行条件相同、结果不同{example}",
        "rows {rows} have the same condition and different outputs{example}",
        "请删除其中一行",
        "delete one of them",
    ),
    "tie": Text(
        "第 {rows} 行条件与优先级相同、结果不同，只由先后决定{example}",
        "rows {rows} have the same condition and priority and different outputs: only their order decides{example}",
        "请删除其中一行",
        "delete one of them",
    ),
    "duplicate": Text(
        "第 {rows} 行内容相同{example}", "rows {rows} say the same{example}", "请删除其中一行", "delete one of them"
    ),
    "impossible": Text(
        "第 {rows} 行不可能命中任何输入",
        "row {rows} can match no input",
        "请改正单元格，或删除该行",
        "correct the cell, or delete the row",
    ),
    "shadowed": Text(
        "第 {rows} 行永远被更靠前的行抢先{example}",
        "row {rows} is always forestalled by rows above{example}",
        "请将其上移，或删除",
        "move it up, or delete it",
    ),
    "input_not_allowed": Text(
        "第 {rows} 行使用了该列不允许的值",
        "row {rows} names a value that is not allowed in its column",
        "请去掉该值，或将其列为允许的值",
        "remove the value, or allow it",
    ),
    "output_not_allowed": Text(
        "第 {rows} 行的结果不在允许的输出值之内{example}",
        "an output of row {rows} is not among the output values{example}",
        "请使用列出的值，或将其加入列表",
        "take a listed value, or add it to the list",
    ),
    "unknown": Text(
        "第 {rows} 行不只与常量比较，未作判断",
        "rows {rows} compare with more than constants and are not judged",
        "请用示例检验",
        "try them with examples",
    ),
    "bounded": Text(
        "分析提前结束，可能还有其他问题",
        "the analysis was broken off: there may be more",
        "请先改正已列出的问题，再检查一次",
        "cure what is named, and check again",
    ),
}
CODES: Final = catalogue("tables", _CODES)
"""By the codes of ``rules.analysis`` and ``domain.policy.breaches``, and those of
``api.tables.words``."""
