"""Where everything about complaints is found, over HTTP and over the websocket."""

from django.urls import path

from complaints.consumers import FeedConsumer
from complaints.views.answers import ReplyCheckView
from complaints.views.calls import (
    CallBackView,
    CallerNoteView,
    CallStateView,
    CallSupplementView,
    CallsView,
    CurrentCallView,
    HintView,
    MissedCallsView,
    QuestionsView,
    SimilarDraftView,
)
from complaints.views.cases import (
    AttachmentsView,
    CasesView,
    CaseView,
    CountsView,
    EventsView,
)
from complaints.views.classify import ClassifyView
from complaints.views.documents import (
    BatchesView,
    BatchPaperView,
    BatchView,
    CheckView,
    ClearDocumentView,
    DocumentsView,
    DocumentView,
)
from complaints.views.figures import ReportPaperView, ReportSheetView, ReportView, WallView
from complaints.views.followups import CalledView, ClaimView, FollowUpsView, SurveyLinkView, SurveyView
from complaints.views.handing import HandingsView, PackageView, ReceiptView
from complaints.views.hints import NearbyView, TopicHintView
from complaints.views.insight import MattersView, SimilarView, WhyView
from complaints.views.knowledge import ArticleMoveView, ArticlesView, ArticleView, ArticleVoteView, SuggestView
from complaints.views.models import (
    ActivateView,
    QualityView,
    ReclassifyView,
    RollbackView,
    RunsView,
    RunView,
    ShadowView,
    VersionsView,
)
from complaints.views.moves import MOVE_VIEWS, RevealView
from complaints.views.playing import PlayableAttachmentView
from complaints.views.rates import RatesView
from complaints.views.reference import (
    GroundsView,
    RegionFindView,
    RegionsView,
    RewardLevelsView,
    SuggestionView,
    TopicsView,
    UnitsView,
)
from complaints.views.respondents import (
    AliasesView,
    AliasView,
    MergeCompanyView,
    RespondentsView,
    RespondentView,
    SeparateCompanyView,
)
from complaints.views.rule_editing import (
    DiffView,
    OrderView,
    RuleCheckView,
    RulesetView,
    RulesView,
    RuleView,
    RuleWordsView,
    TryView,
)
from complaints.views.rules import (
    ActivateRulesView,
    RollBackRulesView,
    RuleSetsView,
    SimulationsView,
    SimulationView,
    WhyHerePageView,
    WhyHereView,
)
from complaints.views.session import SessionView
from complaints.views.supervision import (
    NoticesView,
    OrdersView,
    SettleView,
    SignalPaperView,
    SignalSheetView,
    SignalsView,
)
from complaints.views.watchdog import WaitingView, WatchView
from complaints.views.workbench import (
    BulkView,
    DeadlineMonthView,
    FilledTemplatesView,
    SavedViewsView,
    SavedViewView,
    TemplatesView,
    TemplateView,
)

urlpatterns = [
    path("session/", SessionView.as_view()),
    path("topics/", TopicsView.as_view()),
    path("grounds/", GroundsView.as_view()),
    path("reward-levels/", RewardLevelsView.as_view()),
    path("regions/", RegionsView.as_view()),
    path("regions/find/", RegionFindView.as_view()),
    path("units/", UnitsView.as_view()),
    path("suggestion/", SuggestionView.as_view()),
    path("classify/", ClassifyView.as_view()),
    path("calls/", CallsView.as_view()),
    path("calls/current/", CurrentCallView.as_view()),
    path("calls/missed/", MissedCallsView.as_view()),
    path("calls/<int:call>/state/", CallStateView.as_view()),
    path("calls/<int:call>/call_back/", CallBackView.as_view()),
    path("calls/<int:call>/supplement/", CallSupplementView.as_view()),
    path("calls/<int:call>/notes/", CallerNoteView.as_view()),
    path("questions/", QuestionsView.as_view()),
    path("hints/draft/", HintView.as_view()),
    path("hints/similar/", SimilarDraftView.as_view()),
    path("hints/topic/", TopicHintView.as_view()),
    path("hints/nearby/", NearbyView.as_view()),
    path("model/quality/", QualityView.as_view()),
    path("model/versions/", VersionsView.as_view()),
    path("model/activate/", ActivateView.as_view()),
    path("model/rollback/", RollbackView.as_view()),
    path("model/shadow/", ShadowView.as_view()),
    path("model/reclassify/", ReclassifyView.as_view()),
    path("model/reclassifications/", RunsView.as_view()),
    path("model/reclassifications/<int:run>/cases/", RunView.as_view()),
    path("knowledge/", ArticlesView.as_view()),
    path("knowledge/suggest/", SuggestView.as_view()),
    path("knowledge/<slug:code>/", ArticleView.as_view()),
    path("knowledge/<slug:code>/vote/", ArticleVoteView.as_view()),
    path("knowledge/<slug:code>/<slug:verb>/", ArticleMoveView.as_view()),
    path("rates/", RatesView.as_view()),
    path("wall/", WallView.as_view()),
    path("reports/", ReportView.as_view()),
    path("reports/xlsx/", ReportSheetView.as_view()),
    path("reports/pdf/", ReportPaperView.as_view()),
    path("respondents/", RespondentsView.as_view()),
    path("respondents/<int:company>/", RespondentView.as_view()),
    path("respondents/<int:company>/aliases/", AliasesView.as_view()),
    path("respondents/<int:company>/aliases/<int:alias>/", AliasView.as_view()),
    path("respondents/<int:company>/merge/", MergeCompanyView.as_view()),
    path("respondents/<int:company>/separate/", SeparateCompanyView.as_view()),
    path("supervision/orders/", OrdersView.as_view()),
    path("supervision/notices/", NoticesView.as_view()),
    path("supervision/signals/", SignalsView.as_view()),
    path("supervision/signals/<int:signal>/settle/", SettleView.as_view()),
    path("supervision/signals/<int:signal>/report/pdf/", SignalPaperView.as_view()),
    path("supervision/signals/<int:signal>/report/xlsx/", SignalSheetView.as_view()),
    path("watchdog/", WatchView.as_view()),
    path("watchdog/<slug:step>/", WaitingView.as_view()),
    path("cases/", CasesView.as_view()),
    path("cases/counts/", CountsView.as_view()),
    path("cases/bulk/", BulkView.as_view()),
    path("saved-views/", SavedViewsView.as_view()),
    path("saved-views/<int:view>/", SavedViewView.as_view()),
    path("reply-templates/", TemplatesView.as_view()),
    path("reply-templates/<int:template>/", TemplateView.as_view()),
    path("deadlines/calendar/", DeadlineMonthView.as_view()),
    path("cases/<str:number>/reply-templates/", FilledTemplatesView.as_view()),
    path("cases/<str:number>/", CaseView.as_view()),
    path("cases/<str:number>/events/", EventsView.as_view()),
    path("cases/<str:number>/attachments/", AttachmentsView.as_view()),
    path("cases/<str:number>/attachments/<int:attachment>/", PlayableAttachmentView.as_view()),
    path("cases/<str:number>/reply-check/", ReplyCheckView.as_view()),
    path("cases/<str:number>/why/", WhyView.as_view()),
    path("cases/<str:number>/matters/", MattersView.as_view()),
    path("cases/<str:number>/similar/", SimilarView.as_view()),
    path("cases/<str:number>/why-here/", WhyHereView.as_view()),
    path("cases/<str:number>/why-here.html", WhyHerePageView.as_view()),
    path("routing/rulesets/", RuleSetsView.as_view()),
    path("routing/vocabulary/", RuleWordsView.as_view()),
    path("routing/rulesets/<int:number>/", RulesetView.as_view()),
    path("routing/rulesets/<int:number>/rules/", RulesView.as_view()),
    path("routing/rulesets/<int:number>/rules/<int:rule>/", RuleView.as_view()),
    path("routing/rulesets/<int:number>/order/", OrderView.as_view()),
    path("routing/rulesets/<int:number>/diff/", DiffView.as_view()),
    path("routing/rulesets/<int:number>/check/", RuleCheckView.as_view()),
    path("routing/rulesets/<int:number>/try/", TryView.as_view()),
    path("routing/rulesets/<int:number>/activate/", ActivateRulesView.as_view()),
    path("routing/rulesets/<int:number>/rollback/", RollBackRulesView.as_view()),
    path("routing/simulations/", SimulationsView.as_view()),
    path("routing/simulations/<int:simulation>/", SimulationView.as_view()),
    path("cases/<str:number>/documents/", DocumentsView.as_view()),
    path("cases/<str:number>/documents/<int:document>/", DocumentView.as_view()),
    path("cases/<str:number>/documents/<int:document>/clear/", ClearDocumentView.as_view()),
    path("cases/<str:number>/handings/", HandingsView.as_view()),
    path("cases/<str:number>/handings/<int:of>/package/", PackageView.as_view()),
    path("cases/<str:number>/handings/<int:of>/receipt/", ReceiptView.as_view()),
    path("documents/batch/", BatchesView.as_view()),
    path("documents/batch/<int:batch>/", BatchView.as_view()),
    path("documents/batch/<int:batch>/pdf/", BatchPaperView.as_view()),
    path("followups/", FollowUpsView.as_view()),
    path("followups/<int:task>/claim/", ClaimView.as_view()),
    path("followups/<int:task>/called/", CalledView.as_view()),
    path("followups/<int:task>/link/", SurveyLinkView.as_view()),
    path("survey/", SurveyView.as_view()),
    path("documents/check/", CheckView.as_view()),
    path("cases/<str:number>/reveal/", RevealView.as_view()),
    *(path(f"cases/<str:number>/{verb}/", view.as_view()) for verb, view in MOVE_VIEWS.items()),
]

websocket_urlpatterns = [path("ws/feed/", FeedConsumer.as_asgi())]
