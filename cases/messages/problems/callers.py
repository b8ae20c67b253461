"""Who asks is unknown, or may not."""

from __future__ import annotations

from cases.messages.text import Text

CALLERS: dict[str, Text] = {
    "actor_required": Text(
        "需要说明操作人",
        "The request must say who acts",
        "请设置 Baton-Actor: <员工编码>",
        "Set the header Baton-Actor: <staff code>",
    ),
    "actor_unknown": Text(
        "操作人不存在或已停用",
        "The acting person is unknown or inactive",
        "请检查 Baton-Actor 中的员工编码",
        "Check the staff code in Baton-Actor",
    ),
    "role_not_allowed": Text(
        "该操作不允许由角色“{role}”执行",
        "The role “{role}” may not do this",
        "可执行的角色：{allowed}",
        "Roles that may: {allowed}",
    ),
    "not_yours": Text(
        "该线索由其他人负责",
        "Somebody else is responsible for this lead",
        "请由负责人或其主管操作",
        "Ask the owner or their manager",
    ),
    "another_person": Text(
        "这是其他员工的联系方式",
        "These are another person's contact points",
        "请由本人或总部操作",
        "Ask that person or head office",
    ),
    "same_person": Text(
        "草稿不能由编辑过它的人发布",
        "Whoever has edited a draft may not publish it",
        "请另一位同事审阅并发布",
        "Ask a colleague to look at it and to publish it",
    ),
    "other_dealer": Text("这不属于您的经销商", "It is not with your dealer", "请联系总部", "Ask HQ"),
}
