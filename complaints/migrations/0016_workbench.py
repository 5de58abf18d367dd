import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Words of our own, to begin with; a supervisor changes them, writes others, or takes them out of use. {...} is filled
# from the facts of the case; 【...】 is for the writer, and an answer with one left is not sent by the form.
TEMPLATES = (
    # used for, title, topics, intents, text
    (
        "reply", "诉求属实，已经处理", "", "complaint report",
        "您好！您于{收件日期}反映的问题（编号{编号}，{主题}）已由{单位}办理。\n"
        "一、核查情况：经现场核查，【请写核查时间、地点和查明的事实】，您反映的情况属实。\n"
        "二、依据：根据【请写法规名称和条款】。\n"
        "三、处理结果：【请写已采取的措施，如责令改正、退款、立案等】。\n"
        "四、后续安排：【请写后续监管或履行期限】。\n"
        "感谢您的监督。如对结果有异议，可在答复页面评价，或者申请重办。",
    ),
    (
        "reply", "诉求部分属实", "", "complaint report",
        "您好！您于{收件日期}反映的问题（编号{编号}）已由{单位}办理。\n"
        "一、核查情况：经核查，【请写属实的部分】属实；【请写不属实的部分及理由】未发现相应情况。\n"
        "二、依据：根据【请写法规名称和条款】。\n"
        "三、处理结果：对属实的部分，【请写已采取的措施】。\n"
        "四、后续安排：【请写后续安排】。\n"
        "如您有新的线索或证据，可在本件中继续补充。",
    ),
    (
        "reply", "核查未发现所反映的情况", "", "complaint report",
        "您好！您于{收件日期}反映的问题（编号{编号}，{主题}）已由{单位}办理。\n"
        "一、核查情况：工作人员于【请写时间】到【请写地点】检查，【请写检查内容和方法】，未发现您反映的情况。\n"
        "二、依据：对照【请写法规或者标准名称和条款】，目前情况符合要求。\n"
        "三、后续安排：我们将继续关注，【请写巡查安排】。\n"
        "如您保留有票据、照片、视频等，可在本件中补充，我们将据此再次核查。",
    ),
    (
        "reply", "消费纠纷，双方达成一致", "P S", "complaint",
        "您好！您于{收件日期}反映的消费纠纷（编号{编号}）已由{单位}组织处理。\n"
        "一、核查情况：经核实，【请写争议的事实】。\n"
        "二、依据：根据《中华人民共和国消费者权益保护法》【请写条款】。\n"
        "三、处理结果：经沟通，双方达成一致：【请写退款、更换、赔偿等内容及金额】，由经营者在【请写日期】前履行。\n"
        "四、如经营者到期没有履行，请在本件中告诉我们，我们将督促其履行。",
    ),
    (
        "reply", "消费纠纷，双方未达成一致", "P S", "complaint",
        "您好！您于{收件日期}反映的消费纠纷（编号{编号}）已由{单位}组织处理。\n"
        "一、核查情况：经核实，【请写争议的事实和双方意见】。\n"
        "二、依据：根据《中华人民共和国消费者权益保护法》【请写条款】。\n"
        "三、处理结果：经沟通，双方没有达成一致，本次处理到此终止。\n"
        "四、您还可以：依照与经营者的仲裁协议申请仲裁，或者向人民法院起诉。处理中形成的材料可供您使用。",
    ),
    (
        "reply", "工程质量：已责成修复", "E", "",
        "您好！您于{收件日期}反映的工程质量问题（编号{编号}）已由{单位}办理。\n"
        "一、核查情况：经现场查看【请写部位】，存在【请写质量问题】。\n"
        "二、依据：根据《建设工程质量管理条例》【请写条款】，该部位【请写是否在保修期内】。\n"
        "三、处理结果：已责令【请写责任单位】于【请写日期】前完成修复。\n"
        "四、后续安排：修复后由【请写单位】组织验收，我们将把验收结果告知您。",
    ),
    (
        "reply", "环境问题：已查处", "V", "",
        "您好！您于{收件日期}反映的环境问题（编号{编号}）已由{单位}办理。\n"
        "一、核查情况：执法人员于【请写时间】到现场检查，【请写监测或检查结果】。\n"
        "二、依据：根据【请写法规名称和条款】。\n"
        "三、处理结果：已责令【请写单位】【请写整改内容】，并【请写是否立案】。\n"
        "四、后续安排：【请写复查时间】复查，复查结果将依法公开。",
    ),
    (
        "reply", "咨询答复", "", "consult",
        "您好！您咨询的事项（编号{编号}）答复如下。\n"
        "根据【请写法规或者政策名称和条款】，【请写具体答复】。\n"
        "办理地点和方式：【请写地点、时间、所需材料】。\n"
        "如需进一步了解，可向{单位}咨询。",
    ),
    (
        "reply_part", "参与单位办理意见", "", "",
        "{单位}就编号{编号}的办理意见：\n"
        "一、职责内查明的事实：【请写查明的事实】。\n"
        "二、依据：【请写法规名称和条款】。\n"
        "三、已采取的措施和结果：【请写措施和结果】。\n"
        "四、需要牵头单位在答复中说明的事项：【请写事项，没有的写“无”】。",
    ),
    (
        "refuse", "不予受理告知", "", "complaint report",
        "您于{收件日期}反映的事项（编号{编号}，{主题}）经审查不予受理。\n"
        "理由：【请写具体事实，以及它为什么属于所选的不予受理情形】。\n"
        "您还可以：【请写其他途径，如仲裁、诉讼、有管辖权的机关及其联系方式】。\n"
        "如您有新的事实或证据，可以重新提出。",
    ),
    (
        "ask_supplement", "补充被投诉方信息", "", "complaint report",
        "您于{收件日期}反映的事项（编号{编号}）还缺少下列信息，请您补充：\n"
        "1. 被投诉单位的名称和经营地址；网上购买的，请提供平台、店铺名称和订单截图（请遮住个人信息）。\n"
        "2. 购买或者事情发生的时间。\n"
        "收到后我们将继续办理；到期没有补充的，将按现有材料处理。",
    ),
    (
        "ask_supplement", "补充证据", "", "",
        "您于{收件日期}反映的事项（编号{编号}，{主题}）需要您补充材料：\n"
        "1. 能够证明事实的材料，如票据、合同、照片、视频、检测报告：【请写具体需要哪些】。\n"
        "2. 您的具体诉求：【请写需要明确的内容】。\n"
        "您可以在查询页面直接上传，也可以来电补充。",
    ),
)  # fmt: skip


def ship(apps, schema_editor):
    template = apps.get_model("complaints", "ReplyTemplate")
    for position, (verb, title, topics, intents, body) in enumerate(TEMPLATES, 1):
        template.objects.create(
            verb=verb, title=title, topics=topics, intents=intents, body=body, position=position * 10
        )


class Migration(migrations.Migration):
    dependencies = [
        ("routing", "0003_gazetteer"),
        ("complaints", "0015_followup"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("reply", "answer"),
                            ("reply_part", "answer of a participant"),
                            ("refuse", "refusal"),
                            ("ask_supplement", "request for a supplement"),
                        ],
                        max_length=14,
                        verbose_name="used for",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                ("body", models.TextField(max_length=5000, verbose_name="text")),
                (
                    "topics",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:[PESV]\\d\\d|[PESV])(?: (?:[PESV]\\d\\d|[PESV]))*$", "Topic codes, or P, E, S, V."
                            )
                        ],
                        verbose_name="topics",
                    ),
                ),
                ("intents", models.CharField(blank=True, max_length=100, verbose_name="intents")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: everyone",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "templates for answers",
                "verbose_name_plural": "templates for answers",
                "ordering": ["verb", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("verb"),
                        models.F("title"),
                        models.F("unit"),
                        name="one_template_per_title",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verb__in", ["reply", "reply_part", "refuse", "ask_supplement"])),
                        name="template_verb_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("body", ""), _negated=True)
                        ),
                        name="template_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, verbose_name="name")),
                (
                    "queue",
                    models.CharField(
                        choices=[("mine", "own cases"), ("all", "all cases")], max_length=4, verbose_name="queue"
                    ),
                ),
                ("query", models.CharField(max_length=500, verbose_name="filters")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="routing.unit",
                        verbose_name="shared with",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved views",
                "verbose_name_plural": "saved views",
                "indexes": [
                    models.Index(models.F("unit"), condition=models.Q(("unit__isnull", False)), name="view_shared")
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("owner"), models.F("name"), name="one_view_per_name"),
                    models.CheckConstraint(condition=models.Q(("queue__in", ["mine", "all"])), name="view_queue_known"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="view_has_name"),
                ],
            },
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
