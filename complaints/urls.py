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
from complaints.views.moves import MOVE_VIEWS, RevealView
from complaints.views.reference import RegionsView, SuggestionView, TopicsView, UnitsView
from complaints.views.session import SessionView

urlpatterns = [
    path("session/", SessionView.as_view()),
    path("topics/", TopicsView.as_view()),
    path("regions/", RegionsView.as_view()),
    path("units/", UnitsView.as_view()),
    path("suggestion/", SuggestionView.as_view()),
    path("classify/", ClassifyView.as_view()),
    path("cases/", CasesView.as_view()),
    path("cases/counts/", CountsView.as_view()),
    path("cases/<str:number>/", CaseView.as_view()),
    path("cases/<str:number>/events/", EventsView.as_view()),
    path("cases/<str:number>/attachments/", AttachmentsView.as_view()),
    path("cases/<str:number>/attachments/<int:attachment>/", AttachmentView.as_view()),
    path("cases/<str:number>/reveal/", RevealView.as_view()),
    *(path(f"cases/<str:number>/{verb}/", view.as_view()) for verb, view in MOVE_VIEWS.items()),
]

websocket_urlpatterns = [path("ws/feed/", FeedConsumer.as_asgi())]
