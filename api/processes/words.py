"""A diagram's problems in the caller's words. The checker speaks English, and precisely; every
other language is said by code."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from api.problems import FieldProblemBody
from cases.messages import Language, Words, catalogue, say
from cases.messages.text import Text, as_checked, words
from rules.analysis import Severity
from workflows.bpmn import Problem
from workflows.bpmn.checks.codes import CODES as CHECKS


class DiagramProblem(FieldProblemBody):
    """One thing wrong with one element; ``field`` is its id, too."""

    element: str
    name: str
    line: int = Field(description="Line of the file, from 1; 0 where the file as a whole is meant")
    severity: Severity = Field(description="error: refused; warning: accepted, but hardly meant")
    detail: str = Field(description="The checker's own sentence, which names what it means")
    proposal: str | None = Field(default=None, description="Of a name that nobody knows: the one that was meant")


def said(problem: Problem, language: Language) -> DiagramProblem:
    """A problem as it is answered."""
    message, _, cure = problem.message.partition("; ")
    if not as_checked(CODES, problem.code, language):
        message, cure = words(CODES, problem.code, language, {})
        if problem.proposal:
            cure = say(PROPOSED, "name", language, {"proposal": problem.proposal, "cure": cure})
    return DiagramProblem(
        field=problem.element,
        code=problem.code,
        message=message,
        cure=cure,
        element=problem.element,
        name=problem.name,
        line=problem.line,
        severity=Severity(problem.severity.value),
        detail=problem.message,
        proposal=problem.proposal or None,
    )


_CODES: dict[str, Text] = {
    # the file
    "too_large": Text("文件过大", "", "请拆分为互相调用的流程", "split it into processes that call each other"),
    "too_many_elements": Text(
        "流程图元素过多",
        "the diagram has too many elements",
        "请拆分为互相调用的流程",
        "split it into processes that call each other",
    ),
    "no_xml": Text("文件不是有效的 XML", "", "请检查 XML 语法和编码", "check its syntax and encoding"),
    "doctype": Text("文件含有文档类型声明", "", "请去掉 <!DOCTYPE …>", "remove the <!DOCTYPE …>"),
    "no_bpmn": Text("文件不是 BPMN 2.0", "", "根元素应为 bpmn:definitions", "its root has to be bpmn:definitions"),
    "no_process": Text("文件中没有可执行的流程", "", "请设置 isExecutable", "set isExecutable"),
    "duplicate_id": Text("编号重复", "", "请改用另一个 id", "choose another id"),
    "missing_id": Text("元素没有编号", "", "请填写 id", "give it an id"),
    "missing_name": Text("映射没有说明写入哪个变量", "", "请填写 name", "give its name"),
    "bad_key": Text(
        "流程编号含有不允许的字符或过长",
        "the id of a process is too long, or has signs that are not allowed",
        "请使用最多 100 个字母、数字和 . _ -",
        "use at most 100 letters, digits and . _ -",
    ),
    "lead_start": Text(
        "线索从该流程开始，但缺少所需的开始事件",
        "cases begin here, and a start event that they need is missing",
        "请画出普通开始事件和所需消息的开始事件",
        "draw a plain start event and one for each message that begins it",
    ),
    # what an element says
    "unsupported": Text(
        "不支持该元素、事件或属性",
        "",
        "请改用支持的元素，见 BPMN 方言文档",
        "use an element that is supported, see the page on BPMN",
    ),
    "multiple_events": Text("一个事件含有多个事件定义", "", "请拆成多个事件", "split it into several events"),
    "error_interrupts": Text("错误事件必须中断", "", "请改为中断事件", "let it interrupt"),
    "language": Text(
        "条件或脚本不是 S-FEEL",
        "",
        "请改写为 S-FEEL 并去掉其他语言声明",
        "write it in S-FEEL and name no other language",
    ),
    "expression": Text("表达式无法解析", "", "请检查表达式语法", "check its syntax"),
    "missing_script": Text("脚本任务没有脚本", "", "请写脚本，或改用普通任务", "write the script, or use a plain task"),
    "missing_reference": Text("事件没有说明是哪条消息、信号、错误或升级", "", "请填写引用", "name it"),
    "broken_reference": Text(
        "引用的内容在文件中没有声明", "", "请声明它，或改正引用", "declare it, or correct the reference"
    ),
    "missing_timer": Text(
        "定时器没有时间", "", "请填写 timeDate、timeDuration 或 timeCycle", "give timeDate, timeDuration or timeCycle"
    ),
    "timer_value": Text(
        "定时器的时间无法识别",
        "",
        "请使用 ISO 8601，例如 P7D、PT24H、R3/PT10M",
        "write it in ISO 8601, such as P7D, PT24H or R3/PT10M",
    ),
    "timer_cycle": Text(
        "中间捕获事件不能使用 timeCycle",
        "",
        "请改用 timeDuration 或 timeDate，或使用非中断边界事件",
        "use timeDuration or timeDate, or a boundary event that does not interrupt",
    ),
    "missing_attribute": Text("缺少说明执行什么的属性", "", "请填写所缺的属性", "give the attribute"),
    "unknown_attribute": Text(
        "没有这个 baton: 属性", "", "请改正拼写，或去掉它", "correct the spelling, or leave it out"
    ),
    "inputs_ignored": Text("该元素不接受输入映射", "", "请去掉 baton:input", "remove baton:input"),
    "data_ignored": Text(
        "画出的数据不会被读写", "", "请使用 baton:input 和 baton:output", "use baton:input and baton:output"
    ),
    # flows
    "broken_flow": Text("连线没有通向任何元素，或跨越了子流程边界", "", "请重新连接", "connect it anew"),
    "broken_default": Text("默认连线不是从该元素出发的", "", "请改正 default", "correct default"),
    "flow_into": Text("该元素不允许有进入的连线", "", "请去掉连线", "remove the flow"),
    "flow_out_of": Text("该元素不允许有离开的连线", "", "请去掉连线", "remove the flow"),
    "no_outgoing": Text("后面没有任何元素", "", "请画出离开的连线", "draw a flow that leaves it"),
    "boundary_without_flow": Text("边界事件后面没有任何元素", "", "请画出离开的连线", "draw a flow that leaves it"),
    "unreachable": Text("永远无法到达该元素", "", "请连接它，或去掉它", "connect it, or remove it"),
    "missing_condition": Text(
        "排他网关的连线既无条件也不是默认",
        "",
        "请填写条件，或设为默认连线",
        "write a condition, or make it the default flow",
    ),
    "no_default": Text("没有默认连线：条件都不成立时会停在此处", "", "请画出默认连线", "draw a default flow"),
    "condition_ignored": Text("该条件或默认连线不起作用", "", "请去掉它", "remove it"),
    "implicit_end": Text("令牌在此结束，但没有结束事件", "", "请画出结束事件", "draw an end event"),
    "implicit_merge": Text(
        "多条连线直接汇入：每个令牌都会执行一次", "", "请画出说明含义的网关", "draw the gateway that says what is meant"
    ),
    # scopes
    "no_start": Text("没有开始的地方", "", "请画出开始事件", "draw a start event"),
    "ambiguous_start": Text("开始的方式不唯一", "", "请只保留一个开始事件", "keep one start event"),
    "event_start": Text("事件子流程必须恰好有一个开始事件", "", "请只保留一个", "keep exactly one"),
    "implicit_start": Text("没有开始事件，将从所有没有进入连线的元素开始", "", "请画出开始事件", "draw a start event"),
    "called_without_start": Text("被调用的流程没有普通开始事件", "", "请添加一个", "add one"),
    "called_ambiguous": Text("被调用的流程有多个普通开始事件", "", "请只保留一个", "keep one"),
    # events
    "broken_boundary": Text(
        "边界事件没有附在活动上", "", "请附到任务或子流程上", "attach it to a task or a sub-process"
    ),
    "gateway_target": Text("事件网关通向了无法等待的元素", "", "请在那里放捕获事件", "place a catching event there"),
    "missing_activation": Text(
        "复杂网关没有说明何时继续", "", "请填写 activationCondition", "give activationCondition"
    ),
    "single_event": Text("事件网关只有一个事件", "", "请至少画两个", "draw two at least"),
    "same_message": Text("两个分支等待同一条消息", "", "请只保留一个", "keep one of them"),
    "same_signal": Text("两个分支等待同一个信号", "", "请只保留一个", "keep one of them"),
    "same_event": Text("两个边界事件等待同一件事", "", "请只保留一个", "keep one of them"),
    "cancel_outside": Text("取消事件不属于任何事务", "", "请移入事务子流程", "move it into a transaction"),
    "cancel_boundary": Text("可取消的事务必须恰好有一个取消边界事件", "", "请画出一个", "draw one"),
    "no_handler": Text("要补偿的活动没有补偿处理", "", "请附上补偿边界事件", "attach a compensation boundary event"),
    "uncaught_error": Text(
        "没有任何元素捕获该错误，将成为异常", "", "请画出错误边界事件", "draw an error boundary event"
    ),
    # timers
    "past_timer": Text("定时器的日期已经过去", "", "请改为将来的日期", "choose a date to come"),
    "zero_timer": Text("定时器的时长为零或为负", "", "请填写正的时长", "give a positive duration"),
    "timer_never": Text(
        "定时器永远不会触发：它运行时没有任何等待",
        "",
        "请去掉它，或附到会等待的元素上",
        "remove it, or attach it to an element that waits",
    ),
    "cycle_once": Text(
        "重复定时器只有第一次起作用",
        "",
        "请改用 timeDuration，或改为非中断",
        "use timeDuration, or let it not interrupt",
    ),
    # loops and joins
    "quantity": Text("startQuantity 或 completionQuantity 不是 1 至 1000 的整数", "", "请改正", "correct it"),
    "missing_cardinality": Text(
        "多实例没有说明执行几次", "", "请填写 loopCardinality 或集合", "give loopCardinality or a collection"
    ),
    "loop_maximum": Text("loopMaximum 不是从 0 起的整数", "", "请改正", "correct it"),
    "half_collected": Text(
        "多实例只说了一半如何收集结果",
        "",
        "请同时填写输出集合与输出项，或都不填",
        "give the output collection and the output item, or neither",
    ),
    "broken_link": Text("链接没有通向恰好一个同名的捕获链接", "", "请改正链接名称", "correct the link's name"),
    "endless_loop": Text("没有等待也没有出口的循环", "", "请加入等待或出口", "add something to wait for, or an exit"),
    "busy_loop": Text(
        "循环中没有等待，也不改变出口所依据的变量",
        "",
        "请加入等待，或在循环中改变变量",
        "wait for something, or change the variables within the loop",
    ),
    "no_exit": Text("循环没有出口", "", "请画出离开循环的连线", "draw a flow that leaves the loop"),
    "join_never": Text(
        "并行汇聚等待的令牌不可能全部到达",
        "",
        "请检查分支，或改用其他网关",
        "check the branches, or use another gateway",
    ),
    "merge_doubles": Text(
        "并行分支经排他网关汇合后，后续会执行两次", "", "请改用并行网关汇聚", "join them by a parallel gateway"
    ),
    # what is deployed
    "unknown_activity": Text("没有这个活动", "", "请改正名称", "correct the name"),
    "unknown_decision": Text("没有这个决策表", "", "请先发布，或改正名称", "publish it first, or correct the name"),
    "unknown_process": Text("没有这个流程", "", "请先部署，或改正名称", "deploy it first, or correct the name"),
    # what it and the diagram owe each other
    "unknown_input": Text(
        "活动、决策或被调用的流程没有这个输入",
        "",
        "请改正名称，或去掉该输入",
        "correct the name, or leave the input out",
    ),
    "missing_input": Text("缺少活动、决策或被调用的流程必需的输入", "", "请添加 baton:input", "add a baton:input"),
    "input_value": Text("输入的值不在允许范围内", "", "请改正该值", "correct the value"),
    "unknown_output": Text("输出读取了被调用的流程没有的变量", "", "请改正名称", "correct the name"),
    "unknown_variable": Text(
        "读取了从未赋值的变量", "", "请改正名称，或在此前赋值", "correct the name, or set it before"
    ),
    "outer_variable": Text(
        "读取的变量在此从未赋值，已知的调用也没有给出",
        "",
        "请在调用处映射，或改正名称",
        "map it at the call, or correct the name",
    ),
    "unread_variable": Text("赋值的变量无人读取，却有一个名称相近的变量被读取", "", "请改正名称", "correct the name"),
    "unknown_message": Text("等待的消息没有任何人发送", "", "请改正名称", "correct the name"),
    "unknown_signal": Text("等待的信号没有任何元素抛出", "", "请改正名称", "correct the name"),
    "unknown_kind": Text("没有这种任务", "", "请改正 baton:kind", "correct baton:kind"),
    "unknown_role": Text("没有这个角色", "", "请改正 baton:role", "correct baton:role"),
    "unknown_value": Text("变量与它永远不会有的值比较", "", "请改正该值", "correct the value"),
    "unread_value": Text("赋的值无人判断，却有一个相近的值被判断", "", "请改正该值", "correct the value"),
    "unknown_code": Text("捕获的错误或升级代码与内部抛出的只差一点", "", "请改正代码", "correct the code"),
    "never_thrown": Text(
        "捕获的错误或升级在内部从不抛出", "", "请改正代码，或去掉该事件", "correct the code, or remove the event"
    ),
}
"""By the codes of ``workflows.bpmn`` and ``domain.processes.checking``. What is wrong is said in
English where the code is declared."""


def _whole(code: str, text: Text) -> Text:
    return text._replace(en=CHECKS[code].means) if code in CHECKS else text


CODES: Final = catalogue("diagrams", {code: _whole(code, text) for code, text in _CODES.items()})
PROPOSED: Final = catalogue(
    "proposals", {"name": Words("是不是“{proposal}”？{cure}", "did you mean “{proposal}”? {cure}")}
)
