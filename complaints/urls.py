"""Where everything about complaints is found, over HTTP and over the websocket."""

from django.urls import path

from complaints.consumers import FeedConsumer
from complaints.views.cases import (
    AttachmentsView,
    AttachmentView,
    CasesView,
    CaseView,
    CountsView,
    EventsView,
)
from complaints.views.classify import ClassifyView
from complaints.views.insight import MattersView, SimilarView, WhyView
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
from complaints.views.reference import GroundsView, RegionFindView, RegionsView, SuggestionView, TopicsView, UnitsView
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

urlpatterns = [
    path("session/", SessionView.as_view()),
    path("topics/", TopicsView.as_view()),
    path("grounds/", GroundsView.as_view()),
    path("regions/", RegionsView.as_view()),
    path("regions/find/", RegionFindView.as_view()),
    path("units/", UnitsView.as_view()),
    path("suggestion/", SuggestionView.as_view()),
    path("classify/", ClassifyView.as_view()),
    path("model/quality/", QualityView.as_view()),
    path("model/versions/", VersionsView.as_view()),
    path("model/activate/", ActivateView.as_view()),
    path("model/rollback/", RollbackView.as_view()),
    path("model/shadow/", ShadowView.as_view()),
    path("model/reclassify/", ReclassifyView.as_view()),
    path("model/reclassifications/", RunsView.as_view()),
    path("model/reclassifications/<int:run>/cases/", RunView.as_view()),
    path("cases/", CasesView.as_view()),
    path("cases/counts/", CountsView.as_view()),
    path("cases/<str:number>/", CaseView.as_view()),
    path("cases/<str:number>/events/", EventsView.as_view()),
    path("cases/<str:number>/attachments/", AttachmentsView.as_view()),
    path("cases/<str:number>/attachments/<int:attachment>/", AttachmentView.as_view()),
    path("cases/<str:number>/why/", WhyView.as_view()),
    path("cases/<str:number>/matters/", MattersView.as_view()),
    path("cases/<str:number>/similar/", SimilarView.as_view()),
    path("cases/<str:number>/why-here/", WhyHereView.as_view()),
    path("cases/<str:number>/why-here.html", WhyHerePageView.as_view()),
    path("routing/rulesets/", RuleSetsView.as_view()),
    path("routing/rulesets/<int:number>/activate/", ActivateRulesView.as_view()),
    path("routing/rulesets/<int:number>/rollback/", RollBackRulesView.as_view()),
    path("routing/simulations/", SimulationsView.as_view()),
    path("routing/simulations/<int:simulation>/", SimulationView.as_view()),
    path("cases/<str:number>/reveal/", RevealView.as_view()),
    *(path(f"cases/<str:number>/{verb}/", view.as_view()) for verb, view in MOVE_VIEWS.items()),
]

websocket_urlpatterns = [path("ws/feed/", FeedConsumer.as_asgi())]
