"""The accounts of the demo data: made by deploy.demo, printed by `make run`. Never made with a real database."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "Zhisutong-2026"  # noqa: S105 (public on purpose: it opens demo data only)


class Account(NamedTuple):
    """One demo account: what it shows; role and scope as complaints.User has them. bureau "": no unit."""

    username: str
    shows: str
    display_name: str
    role: str
    region: str
    bureau: str = ""
    admin: bool = False


ACCOUNTS = [
    Account("calltaker", "话务员：电话登记投诉", "话务员小周", "call_taker", "330100", "data12345"),
    Account("dispatcher", "派单员：分诊台、人工派单（杭州）", "派单员老陈", "dispatcher", "330100"),
    Account("xihu_samr", "经办人：杭州市西湖区市场监督管理局", "西湖市监小林", "officer", "330106", "samr"),
    Account("xihu_hurd", "经办人：杭州市西湖区住房和城乡建设局", "西湖住建小吴", "officer", "330106", "hurd"),
    Account("xihu_mee", "经办人：杭州市生态环境局西湖分局", "西湖环保小郑", "officer", "330106", "mee"),
    Account(
        "xihu_chengguan",
        "经办人：杭州市西湖区综合行政执法局",
        "西湖执法小何",
        "officer",
        "330106",
        "chengguan",
    ),
    Account("yinzhou_samr", "经办人：宁波市鄞州区市场监督管理局", "鄞州市监小叶", "officer", "330212", "samr"),
    Account("ningbo", "派单员：分诊台（宁波）", "派单员阿明", "dispatcher", "330200"),
    Account("supervisor", "监督员：全省概览", "监督员高工", "supervisor", "330000"),
    Account("hangzhou", "监督员：杭州概览", "监督员沈工", "supervisor", "330100"),
    Account("partner", "合作系统：只走接口（manage.py drf_create_token partner）", "合作系统", "partner", ""),
    Account("switch", "呼叫中心交换机：只报来电", "呼叫中心交换机", "partner", "330100", "data12345"),
    Account("admin", "系统管理员：/admin/", "管理员", "", "", admin=True),
]
