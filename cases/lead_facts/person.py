"""Who the customer is and how to reach them: kept with the customer, not with the lead."""

from __future__ import annotations

from typing import Final

from cases.lead_facts.fact import Fact

PERSON: Final = (
    Fact(
        "name",
        "姓名",
        "name",
        headings=(
            "客户姓名 姓名 用户姓名 名字 客户名称 客户名 用户名称 联系人 联系人姓名 称呼 客户称呼 "
            "尊称 昵称 用户昵称 用户名 客户 用户"
        ),
        titles=(
            "name|full name|customer name|customer|contact name|contact person|lead name|user name|nickname|first name"
        ),
        example="周敏",
        newest=False,
    ),
    Fact(
        "phone",
        "电话",
        "phone",
        headings=(
            "手机号码 手机号 手机 移动电话 手机电话 手机/电话 电话/手机 手机号/微信 电话/微信 "
            "手机号码/微信号 联系手机 联系方式 联系电话 电话 电话号码 联系号码 号码 来电号码 "
            "主叫号码 来电 主叫 座机 固定电话 固话 虚拟号 虚拟号码 虚拟电话 隐私号 隐私号码 中间号 "
            "小号 备用电话 备用手机 备用号码 其他电话"
        ),
        titles=(
            "mobile|mobile phone|mobile number|mobile no|cell|cell phone|cellphone|cell number|phone|"
            "phone number|phone no|contact number|contact phone|contact mobile|contact no|telephone|"
            "telephone number|tel|tel no|tel number|handphone|whatsapp|caller number|landline|home phone|"
            "work phone|virtual number"
        ),
        example="139 1166 2097",
        newest=False,
    ),
    Fact(
        "wechat",
        "微信",
        "WeChat",
        headings="微信号 微信 微信账号 微信id",
        titles="wechat|wechat id|weixin|wx|vx|wechat no|wechat number",
        newest=False,
    ),
    Fact(
        "email",
        "邮箱",
        "e-mail",
        headings="邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电邮 联系邮箱",
        titles="email|e-mail|email address|e-mail address|mail",
        asked=False,
        newest=False,
    ),
    Fact(
        "gender",
        "性别",
        "gender",
        headings="性别 客户性别",
        titles="gender|sex|salutation",
        asked=False,
        newest=False,
    ),
    Fact(
        "company",
        "公司",
        "company",
        headings="公司 公司名称 单位 单位名称 企业 企业名称 工作单位 客户公司",
        titles="company|company name|organisation|organization|employer|business name",
        asked=False,
        newest=False,
    ),
)
"""In the order of the template for files."""
