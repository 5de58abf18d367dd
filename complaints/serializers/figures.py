"""The wall and the reports as they are asked for and shown. Every `filter` holds parameters of GET /cases/."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.figures import COLOURS, KINDS
from complaints.serializers.models import ShareOut

LONGEST: Final = timedelta(days=62)  # what the wall counts at once


class WallIn(serializers.Serializer[Any]):
    """Days of Beijing, both included; without them today. region: narrower than what the viewer covers."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    region = serializers.CharField(required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "since" in attrs and "until" in attrs:
            if attrs["since"] > attrs["until"]:
                raise serializers.ValidationError({"until": _("The end must lie after the beginning.")})
            if attrs["until"] - attrs["since"] > LONGEST:
                raise serializers.ValidationError({"since": _("Ask for two months at most.")})
        return attrs


class FilterField(serializers.DictField):
    child = serializers.CharField()


class FigureOut(serializers.Serializer[Any]):
    """A count, and the filter of /cases/ that shows exactly its cases."""

    count = serializers.IntegerField()
    filter = FilterField()


class LineOut(FigureOut):
    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)


class ColourOut(FigureOut):
    key = serializers.ChoiceField(choices=COLOURS)


class PointOut(FigureOut):
    """key: a day, or an hour like 2026-11-22T08, in Beijing."""

    key = serializers.CharField()


class InflowOut(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=["hour", "day"])
    points = PointOut(many=True)


class TopicLineOut(LineOut):
    """mean: of the four periods of the same length before; hot: far more than that."""

    mean = serializers.FloatField()
    change = serializers.FloatField()
    hot = serializers.BooleanField()


class RegionLineOut(serializers.Serializer[Any]):
    """received: in the period; open, overdue and urgent (U1 and U2): as it is now."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    received = FigureOut()
    open = FigureOut()
    overdue = FigureOut()
    urgent = FigureOut()


class UnitLineOut(serializers.Serializer[Any]):
    """open, overdue: led by the unit now. given: received in the period and given to it; returned: of those, by it."""

    key = serializers.CharField()
    name = serializers.CharField()
    open = FigureOut()
    overdue = FigureOut()
    given = FigureOut()
    returned = FigureOut()


class RateCasesOut(serializers.Serializer[Any]):
    of = FilterField()
    count = FilterField()
    rest = FilterField()


class RateLineOut(ShareOut):
    key = serializers.ChoiceField(choices=["response", "resolution", "resolution_net", "satisfaction"])
    cases = RateCasesOut()


class UrgentOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    urgency = serializers.ChoiceField(choices=["U1", "U2"])
    topic = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    received_at = serializers.DateTimeField()


class TickerOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    number = serializers.CharField()
    kind = serializers.CharField()
    name = serializers.CharField()
    urgency = serializers.ChoiceField(choices=["U1", "U2", "U3", "U4"])
    region = serializers.CharField(allow_blank=True)


class TotalsOut(serializers.Serializer[Any]):
    """received to repeated: of those received in the period; the others as it is now."""

    received = FigureOut()
    dispatched = FigureOut()
    returned = FigureOut()
    reopened = FigureOut()
    raised = FigureOut()
    repeated = FigureOut()
    open = FigureOut()
    overdue = FigureOut()
    urgent = FigureOut()
    supervised = FigureOut()
    supervised_late = FigureOut()


class WallRegionOut(serializers.Serializer[Any]):
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()


class WallOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    since = serializers.DateField()
    until = serializers.DateField()
    region = WallRegionOut()
    figures = TotalsOut()
    inflow = InflowOut()
    domains = LineOut(many=True)
    channels = LineOut(many=True)
    regions = RegionLineOut(many=True)
    deadlines = ColourOut(many=True)
    topics = TopicLineOut(many=True)
    rates = RateLineOut(many=True)
    units = UnitLineOut(many=True)
    urgent = UrgentOut(many=True)
    events = TickerOut(many=True)


class ReportIn(serializers.Serializer[Any]):
    """day: any day of the period; without it the last one that is over."""

    kind = serializers.ChoiceField(choices=KINDS)
    day = serializers.DateField(required=False)
    region = serializers.CharField(required=False, default="", allow_blank=True)


class ReportCellOut(serializers.Serializer[Any]):
    """text as it is shown; number where it is a plain one; filter: the cases behind it; case: the number of one."""

    text = serializers.CharField(allow_blank=True)
    number = serializers.FloatField(allow_null=True)
    filter = FilterField(allow_null=True)
    case = serializers.CharField(allow_blank=True)


class ReportSectionOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=ReportCellOut(many=True))
    note = serializers.CharField(allow_blank=True)


class ReportOut(serializers.Serializer[Any]):
    """over: the period has ended."""

    kind = serializers.ChoiceField(choices=KINDS)
    title = serializers.CharField()
    region = WallRegionOut()
    since = serializers.DateField()
    until = serializers.DateField()
    at = serializers.DateTimeField()
    over = serializers.BooleanField()
    sentences = serializers.ListField(child=serializers.CharField())
    sections = ReportSectionOut(many=True)
