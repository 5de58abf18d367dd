"""Login, logout, who am I."""

from __future__ import annotations

from hashlib import sha256

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from complaints.errors import Invalid
from complaints.models import User
from complaints.serializers.incoming import LoginIn
from complaints.serializers.pieces import SessionOut, UserOut


class AddressThrottle(AnonRateThrottle):
    """Log-in attempts by address: wide, for a call centre begins its day behind one."""

    scope = "login_address"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method != "POST" or super().allow_request(request, view)


class LoginThrottle(AddressThrottle):
    """Log-in attempts by address and account: somebody else's guesses lock nobody out."""

    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        by_address = super().get_cache_key(request, view)
        if by_address is None or not isinstance(request.data, dict):
            return by_address
        account = sha256(str(request.data.get("username")).encode(errors="replace")).hexdigest()
        return f"{by_address}:{account}"


@method_decorator(csrf_protect, name="dispatch")
class SessionView(APIView):
    """The browser session. GET also sets the csrftoken cookie."""

    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle, AddressThrottle]

    @extend_schema(responses=SessionOut)
    def get(self, request: Request) -> Response:
        get_token(request)
        user = request.user if isinstance(request.user, User) else None
        return Response({"user": UserOut(user).data if user else None})

    @extend_schema(request=LoginIn, responses=SessionOut)
    def post(self, request: Request) -> Response:
        given = LoginIn(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request, **given.validated_data)
        if user is None:
            raise Invalid("login_failed", _("User name or password is wrong."))
        login(request, user)
        return Response({"user": UserOut(user).data})

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        logout(request)
        return Response(status=204)
