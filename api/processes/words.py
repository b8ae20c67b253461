"""A diagram's problems in the caller's words. The checker speaks English, and precisely; Chinese is
said by code."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from api.problems import FieldProblemBody
from cases.messages import Language
from cases.messages.zh import Zh
from rules.analysis import Severity
from workflows.bpmn import Problem


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
    if language == "zh" and problem.code in CODES:
        message, cure = CODES[problem.code]
        cure = f"是不是“{problem.proposal}”？{cure}" if problem.proposal else cure
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


CODES: Final[dict[str, Zh]] = {
    # the file
    "too_large": Zh("文件过大", "请拆分为互相调用的流程"),
    "too_many_elements": Zh("流程图元素过多", "请拆分为互相调用的流程"),
    "no_xml": Zh("文件不是有效的 XML", "请检查 XML 语法和编码"),
    "doctype": Zh("文件含有文档类型声明", "请去掉 <!DOCTYPE …>"),
    "no_bpmn": Zh("文件不是 BPMN 2.0", "根元素应为 bpmn:definitions"),
    "no_process": Zh("文件中没有可执行的流程", "请设置 isExecutable"),
    "duplicate_id": Zh("编号重复", "请改用另一个 id"),
    "missing_id": Zh("元素没有编号", "请填写 id"),
    "missing_name": Zh("映射没有说明写入哪个变量", "请填写 name"),
    "bad_key": Zh("流程编号含有不允许的字符或过长", "请使用最多 100 个字母、数字和 . _ -"),
    "lead_start": Zh("线索从该流程开始，但缺少所需的开始事件", "请画出普通开始事件和所需消息的开始事件"),
    # what an element says
    "unsupported": Zh("不支持该元素、事件或属性", "请改用支持的元素，见 BPMN 方言文档"),
    "multiple_events": Zh("一个事件含有多个事件定义", "请拆成多个事件"),
    "error_interrupts": Zh("错误事件必须中断", "请改为中断事件"),
    "language": Zh("条件或脚本不是 S-FEEL", "请改写为 S-FEEL 并去掉其他语言声明"),
    "expression": Zh("表达式无法解析", "请检查表达式语法"),
    "missing_script": Zh("脚本任务没有脚本", "请写脚本，或改用普通任务"),
    "missing_reference": Zh("事件没有说明是哪条消息、信号、错误或升级", "请填写引用"),
    "broken_reference": Zh("引用的内容在文件中没有声明", "请声明它，或改正引用"),
    "missing_timer": Zh("定时器没有时间", "请填写 timeDate、timeDuration 或 timeCycle"),
    "timer_value": Zh("定时器的时间无法识别", "请使用 ISO 8601，例如 P7D、PT24H、R3/PT10M"),
    "timer_cycle": Zh("中间捕获事件不能使用 timeCycle", "请改用 timeDuration 或 timeDate，或使用非中断边界事件"),
    "missing_attribute": Zh("缺少说明执行什么的属性", "请填写所缺的属性"),
    "unknown_attribute": Zh("没有这个 baton: 属性", "请改正拼写，或去掉它"),
    "inputs_ignored": Zh("该元素不接受输入映射", "请去掉 baton:input"),
    "data_ignored": Zh("画出的数据不会被读写", "请使用 baton:input 和 baton:output"),
    # flows
    "broken_flow": Zh("连线没有通向任何元素，或跨越了子流程边界", "请重新连接"),
    "broken_default": Zh("默认连线不是从该元素出发的", "请改正 default"),
    "flow_into": Zh("该元素不允许有进入的连线", "请去掉连线"),
    "flow_out_of": Zh("该元素不允许有离开的连线", "请去掉连线"),
    "no_outgoing": Zh("后面没有任何元素", "请画出离开的连线"),
    "boundary_without_flow": Zh("边界事件后面没有任何元素", "请画出离开的连线"),
    "unreachable": Zh("永远无法到达该元素", "请连接它，或去掉它"),
    "missing_condition": Zh("排他网关的连线既无条件也不是默认", "请填写条件，或设为默认连线"),
    "no_default": Zh("没有默认连线：条件都不成立时会停在此处", "请画出默认连线"),
    "condition_ignored": Zh("该条件或默认连线不起作用", "请去掉它"),
    "implicit_end": Zh("令牌在此结束，但没有结束事件", "请画出结束事件"),
    "implicit_merge": Zh("多条连线直接汇入：每个令牌都会执行一次", "请画出说明含义的网关"),
    # scopes
    "no_start": Zh("没有开始的地方", "请画出开始事件"),
    "ambiguous_start": Zh("开始的方式不唯一", "请只保留一个开始事件"),
    "event_start": Zh("事件子流程必须恰好有一个开始事件", "请只保留一个"),
    "implicit_start": Zh("没有开始事件，将从所有没有进入连线的元素开始", "请画出开始事件"),
    "called_without_start": Zh("被调用的流程没有普通开始事件", "请添加一个"),
    "called_ambiguous": Zh("被调用的流程有多个普通开始事件", "请只保留一个"),
    # events
    "broken_boundary": Zh("边界事件没有附在活动上", "请附到任务或子流程上"),
    "gateway_target": Zh("事件网关通向了无法等待的元素", "请在那里放捕获事件"),
    "missing_activation": Zh("复杂网关没有说明何时继续", "请填写 activationCondition"),
    "single_event": Zh("事件网关只有一个事件", "请至少画两个"),
    "same_message": Zh("两个分支等待同一条消息", "请只保留一个"),
    "same_signal": Zh("两个分支等待同一个信号", "请只保留一个"),
    "same_event": Zh("两个边界事件等待同一件事", "请只保留一个"),
    "cancel_outside": Zh("取消事件不属于任何事务", "请移入事务子流程"),
    "cancel_boundary": Zh("可取消的事务必须恰好有一个取消边界事件", "请画出一个"),
    "no_handler": Zh("要补偿的活动没有补偿处理", "请附上补偿边界事件"),
    "uncaught_error": Zh("没有任何元素捕获该错误，将成为异常", "请画出错误边界事件"),
    # timers
    "past_timer": Zh("定时器的日期已经过去", "请改为将来的日期"),
    "zero_timer": Zh("定时器的时长为零或为负", "请填写正的时长"),
    "timer_never": Zh("定时器永远不会触发：它运行时没有任何等待", "请去掉它，或附到会等待的元素上"),
    "cycle_once": Zh("重复定时器只有第一次起作用", "请改用 timeDuration，或改为非中断"),
    # loops and joins
    "quantity": Zh("startQuantity 或 completionQuantity 不是 1 至 1000 的整数", "请改正"),
    "missing_cardinality": Zh("多实例没有说明执行几次", "请填写 loopCardinality 或集合"),
    "loop_maximum": Zh("loopMaximum 不是从 0 起的整数", "请改正"),
    "half_collected": Zh("多实例只说了一半如何收集结果", "请同时填写输出集合与输出项，或都不填"),
    "broken_link": Zh("链接没有通向恰好一个同名的捕获链接", "请改正链接名称"),
    "endless_loop": Zh("没有等待也没有出口的循环", "请加入等待或出口"),
    "busy_loop": Zh("循环中没有等待，也不改变出口所依据的变量", "请加入等待，或在循环中改变变量"),
    "no_exit": Zh("循环没有出口", "请画出离开循环的连线"),
    "join_never": Zh("并行汇聚等待的令牌不可能全部到达", "请检查分支，或改用其他网关"),
    "merge_doubles": Zh("并行分支经排他网关汇合后，后续会执行两次", "请改用并行网关汇聚"),
    # what is deployed
    "unknown_activity": Zh("没有这个活动", "请改正名称"),
    "unknown_decision": Zh("没有这个决策表", "请先发布，或改正名称"),
    "unknown_process": Zh("没有这个流程", "请先部署，或改正名称"),
    # what it and the diagram owe each other
    "unknown_input": Zh("活动、决策或被调用的流程没有这个输入", "请改正名称，或去掉该输入"),
    "missing_input": Zh("缺少活动、决策或被调用的流程必需的输入", "请添加 baton:input"),
    "input_value": Zh("输入的值不在允许范围内", "请改正该值"),
    "unknown_output": Zh("输出读取了被调用的流程没有的变量", "请改正名称"),
    "unknown_variable": Zh("读取了从未赋值的变量", "请改正名称，或在此前赋值"),
    "outer_variable": Zh("读取的变量在此从未赋值，已知的调用也没有给出", "请在调用处映射，或改正名称"),
    "unread_variable": Zh("赋值的变量无人读取，却有一个名称相近的变量被读取", "请改正名称"),
    "unknown_message": Zh("等待的消息没有任何人发送", "请改正名称"),
    "unknown_signal": Zh("等待的信号没有任何元素抛出", "请改正名称"),
    "unknown_kind": Zh("没有这种任务", "请改正 baton:kind"),
    "unknown_role": Zh("没有这个角色", "请改正 baton:role"),
    "unknown_value": Zh("变量与它永远不会有的值比较", "请改正该值"),
    "unread_value": Zh("赋的值无人判断，却有一个相近的值被判断", "请改正该值"),
    "unknown_code": Zh("捕获的错误或升级代码与内部抛出的只差一点", "请改正代码"),
    "never_thrown": Zh("捕获的错误或升级在内部从不抛出", "请改正代码，或去掉该事件"),
}
"""By the codes of ``workflows.bpmn`` and ``domain.processes.checking``; what is not here is said in
English."""
