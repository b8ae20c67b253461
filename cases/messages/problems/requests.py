"""What is wrong with a request itself: its body, headers and keys."""

from __future__ import annotations

from cases.messages.text import Text

REQUESTS: dict[str, Text] = {
    "bad_json": Text(
        "请求体不是有效的 JSON",
        "The body is not valid JSON",
        "请检查 JSON 语法和编码（UTF-8）",
        "Check the JSON syntax and send UTF-8",
    ),
    "not_json": Text(
        "请求体必须是 application/json",
        "The body must be application/json",
        "请设置 Content-Type: application/json；提交线索也可用 XML（ADF）或表单",
        "Set Content-Type: application/json; leads may also come as XML (ADF) or as a posted form",
    ),
    "xml_unreadable": Text(
        "请求体不是可读的 XML（第 {line} 行）",
        "The body is no readable XML (line {line})",
        "请检查 XML 语法和编码",
        "Check the syntax and the encoding of the XML",
    ),
    "xml_refused": Text(
        "不接受这样的 XML：{what}",
        "Such XML is not accepted: {what}",
        "请去掉 DTD 和实体声明，减少层数与元素数（层数 64，元素 50,000）",
        "Leave out DTDs and entities; at most 64 levels and 50,000 elements",
    ),
    "xml_unknown_root": Text(
        "XML 里没有线索：找不到 {expected}",
        "There is no lead in the XML: none of {expected}",
        "请发送 ADF 1.0，或 <lead>、<leads>",
        "Send ADF 1.0, or <lead> or <leads>",
    ),
    "xml_empty": Text(
        "XML 里一条线索也没有", "The XML holds no lead at all", "请至少发送一条线索", "Send at least one lead"
    ),
    "too_many_fields": Text(
        "表单字段超过 {limit} 个", "The form has more than {limit} fields", "请减少字段", "Send fewer fields"
    ),
    "too_large": Text(
        "请求体超过 {limit} KB", "The body is larger than {limit} KB", "请拆分后重试", "Send it in smaller parts"
    ),
    "too_slow": Text(
        "处理所发内容需要太长时间，已中止（上限 {seconds} 秒，处理器时间 {cpu_seconds} 秒）",
        "What was sent takes too long and was broken off (at most {seconds} s, {cpu_seconds} s of a processor)",
        "请简化表达式、决策表或流程图，或拆分后重试",
        "Simplify expressions, table or diagram, or split them",
    ),
    "too_much_memory": Text(
        "处理所发内容需要太多内存，已中止（上限 {megabytes} MB）",
        "What was sent takes too much memory and was broken off (at most {megabytes} MB)",
        "请简化表达式、决策表或流程图，或拆分后重试",
        "Simplify expressions, table or diagram, or split them",
    ),
    "too_deep": Text(
        "所发内容嵌套过深，已中止",
        "What was sent is nested too deeply and was broken off",
        "请减少嵌套层数",
        "Nest it less deeply",
    ),
    "too_much_found": Text(
        "结果过大，无法返回",
        "The result is too large to be answered",
        "请拆分后重试",
        "Send it in smaller parts",
    ),
    "work_broken": Text(
        "处理所发内容时进程意外中止",
        "The process that worked on what was sent came to an unexpected end",
        "请简化内容后重试；若重复出现，请附文件报告",
        "Simplify it and try again; if that repeats, report it with the file",
    ),
    "too_busy": Text(
        "同时处理的检查过多",
        "Too many checks are being worked on",
        "请按 Retry-After 稍后重试",
        "Wait as Retry-After says",
    ),
    "bad_request": Text(
        "请求无法理解",
        "The request cannot be understood",
        "请对照 API 文档检查请求",
        "Compare the request with the API documentation",
    ),
    "invalid_input": Text(
        "有字段不符合要求", "Some fields are not acceptable", "请按 problems 逐项修改", "Correct what `problems` lists"
    ),
    "too_much": Text(
        "表达式的计算量超出上限 {bound}（{limit}）",
        "An expression asks for more than the bound {bound} allows ({limit})",
        "请简化表达式，或缩小列表和文本",
        "Take a shorter way, or smaller lists and texts",
    ),
    "unknown_path": Text(
        "没有这个地址",
        "There is no such address",
        "请对照 API 文档检查地址",
        "Compare the address with the API documentation",
    ),
    "method_not_allowed": Text(
        "该地址不支持此方法",
        "The address does not support this method",
        "可用方法见 Allow 头",
        "See the Allow header for what it supports",
    ),
    "internal_error": Text(
        "服务器内部错误",
        "Something went wrong inside the server",
        "请稍后重试；若仍失败，请联系管理员",
        "Try again later; tell the administrator if it stays",
    ),
    "database_busy": Text("系统繁忙", "The system is busy", "请稍后重试", "Try again in a few seconds"),
    "database_unavailable": Text(
        "数据库暂时不可用", "The database does not answer at the moment", "请稍后重试", "Try again in a few seconds"
    ),
    "changed_meanwhile": Text(
        "内容在您查看之后已被修改",
        "It was changed after you looked at it",
        "请查看 changes 中的变化，确认后以新的 ETag 重试",
        "Look at `changes`, then try again with the new ETag",
    ),
    "overloaded": Text(
        "请求过多，暂时无法处理；本次请求未被执行",
        "Too much is asked at once; nothing of this request was done",
        "请在 {seconds} 秒后重试",
        "Try again in {seconds} seconds",
    ),
    "cursor_invalid": Text(
        "分页游标无效", "The cursor is not valid", "请使用上一页返回的 next", "Use `next` of the page before"
    ),
    "idempotency_key_invalid": Text(
        "Idempotency-Key 无效",
        "The Idempotency-Key is not valid",
        "请使用 1–200 个可见 ASCII 字符",
        "Use 1 to 200 visible ASCII characters",
    ),
    "idempotency_key_reused": Text(
        "该 Idempotency-Key 已用于另一个请求",
        "This Idempotency-Key was used for a different request",
        "不同的请求请使用新的键",
        "Use a fresh key for a different request",
    ),
}
