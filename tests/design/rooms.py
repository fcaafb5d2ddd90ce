"""The pages of the small site. `/control/?…` sets its state, `/log/` tells what came in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from itsm.pages import styleguide
from kernel import pages
from kernel.clockface import ClockFace

STATE: dict[str, Any] = {"signed_in": True, "fail": "", "version": 1, "order": "1,2,3,4", "done": "1", "keys": "on"}
LOG: list[dict[str, str]] = []
DRAFTS: dict[str, str] = {}
TITLES = {"1": "VPN drops", "2": "Payroll export fails", "3": "Printer offline", "4": "核心交换机抖动", "5": "New here"}


class CallForm(forms.Form):
    """Two fields, one of them kept as a draft."""

    about = forms.CharField(error_messages={"required": "Enter what it is about"})
    details = forms.CharField(widget=forms.Textarea(attrs={"data-draft": "call.details"}), required=False)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The shell of somebody who may see everything."""
    areas = {f"can_{name}": True for name in ("queue", "calls", "log", "components", "reports", "settings")}
    shown = {"user_name": "Johan Ahl", "initials": "JA", "user_id": "7", "unread_count": 3, "unrouted_count": "99+"}
    chosen = {"keys": STATE["keys"], "keymap": STATE.get("keymap", ""), "theme": request.GET.get("theme", "light")}
    return {"frame": {**areas, **shown, **chosen, "density": request.GET.get("density", "normal")}}


@csrf_exempt
def control(request: HttpRequest) -> HttpResponse:
    """Set the state; empty the log."""
    STATE.update(request.GET.dict())
    STATE["signed_in"] = STATE["signed_in"] in (True, "1")
    LOG.clear()
    if request.GET.get("drafts") == "":
        DRAFTS.clear()
    return HttpResponse("ok")


def log(request: HttpRequest) -> HttpResponse:
    """What was received since the last control."""
    return JsonResponse({"log": LOG, "drafts": DRAFTS})


def rows() -> list[dict[str, Any]]:
    """The rows in their present order, with the version in a cell."""
    return [{"id": each, "title": TITLES[each], "version": STATE["version"]} for each in str(STATE["order"]).split(",")]


def queue(request: HttpRequest) -> HttpResponse:
    """The live list; its rows alone with an entity tag to htmx."""
    if not pages.is_fragment_request(request):
        verbs = [{"name": "assign", "label": "Assign", "key": "a"}, {"name": "hold", "label": "Hold", "key": "h"}]
        return render(request, "design/queue.html", {"rows": rows(), "verbs": verbs, "area": "queue"})
    if STATE["fail"] == "queue":
        return HttpResponse(status=503)
    tag = f'"{STATE["order"]}-{STATE["version"]}"'
    LOG.append({"path": "rows", "tag": request.headers.get("If-None-Match", "")})
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    response = render(request, "design/rows.html", {"rows": rows()})
    response["ETag"] = tag
    return response


def bulk(request: HttpRequest) -> HttpResponse:
    """Note the verb and the ids."""
    LOG.append({"path": "bulk", "verb": request.POST["verb"], "ids": ",".join(request.POST.getlist("ids"))})
    return pages.go(request, "/queue/")


def clocks() -> list[ClockFace]:
    """One that turns in a minute, one that is overdue in a minute, one that stops before."""
    at = timezone.now()
    minute = timedelta(minutes=1)
    return [
        ClockFace(state="ok", at=at, left=3660, risk_left=3600, due_at=at + 61 * minute),
        ClockFace(state="risk", at=at, left=60, risk_left=3600, due_at=at + minute),
        ClockFace(state="ok", at=at, left=7260, risk_left=7200, due_at=at + 121 * minute, stops_at=at),
    ]


def record(request: HttpRequest) -> HttpResponse:
    """A record with a composer that htmx sends."""
    context = {"area": "calls", "faces": clocks(), "text": DRAFTS.get("inc.1", "")}
    if request.method != "POST":
        return render(request, "design/record.html", context)
    if not STATE["signed_in"]:
        return HttpResponse(status=401)
    if STATE["fail"] == "rule":
        refused = {"reason": "INC-1 is closed. Reopen it first."}
        response = render(request, "_refused.html", refused, status=409)
        response["X-Spindel-Reason"] = "refused"
        return response
    if STATE["fail"] == "once":
        STATE["fail"] = ""
        return HttpResponse(status=500)
    if not request.POST["text"].strip("-"):
        problems = [{"text": "Write what the caller should know", "id": "composer-text"}]
        context |= {"problems": problems, "text": request.POST["text"], "audience": request.POST["audience"]}
        return pages.respond(request, "design/record.html", "design/composer.html", context, status=422)
    LOG.append({"path": "record", "text": request.POST["text"], "audience": request.POST["audience"]})
    pages.toast(request, "Sent.", undo="/undo/", draft="inc.1")
    return pages.go(request, "/record/") if request.POST.get("then") else pages.respond(
        request, "design/record.html", "design/composer.html", {**context, "text": ""}
    )  # fmt: skip


def call(request: HttpRequest) -> HttpResponse:
    """A plain form: no htmx."""
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        LOG.append({"path": "call", **form.cleaned_data})
        pages.toast(request, "Logged.", draft="call.details")
        return pages.go(request, "/record/")
    return render(request, "design/call.html", {"form": form, "area": "calls"}, status=422 if form.errors else 200)


def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a draft."""
    if STATE["fail"] == "drafts":
        return HttpResponse(status=503)
    DRAFTS[key] = request.POST["text"]
    return HttpResponse("")


def session(request: HttpRequest) -> HttpResponse:
    """As itsm.pages.session, without users."""
    return JsonResponse({"user": 7, "csrf": get_token(request)}, status=200 if STATE["signed_in"] else 401)


def login(request: HttpRequest) -> HttpResponse:
    """A sign-in in two steps, as with a second factor."""
    if request.POST.get("code"):
        STATE["signed_in"] = True
        return HttpResponse("welcome")
    return render(request, "design/login.html", {"wants_code": request.method == "POST"})


def presence(request: HttpRequest) -> HttpResponse:
    """Who else is here, and that I am."""
    LOG.append({"path": "presence", "state": request.POST["state"]})
    people = [{"name": "Li Na", "is_typing": False}, {"name": "Johan Ahl", "is_typing": True}]
    return render(request, "_components/presence.html", {"people": people})


def find(request: HttpRequest) -> HttpResponse:
    """Results for the palette."""
    return render(request, "design/found.html", {"query": request.GET.get("q", "")})


def plain(request: HttpRequest) -> HttpResponse:
    """A page of no interest."""
    return render(request, "design/plain.html", {"path": request.path})


def room(prefix: str, name: str, **views: Any) -> Any:
    """The addresses of one room under its namespace."""
    own = [path(f"{each}/" if each != "home" else "", view, name=each) for each, view in views.items()]
    return path(f"{prefix}/", include((own, name)))


urlpatterns = [
    path("control/", control), path("log/", log), path("queue/", queue), path("bulk/", bulk), path("record/", record),
    path("call/", call), path("presence/", presence),
    path("drafts/<str:key>/", draft), path("session/", session, name="session"),
    path("login/", login, name="account_login"), path("logout/", plain, name="account_logout"), path("undo/", plain),
    room("coordination", "coordination", queue=queue, mine=plain, board=plain),
    room("i", "incidents", list=plain, new=call),
    room("registry", "registry", component_list=plain), room("reports", "reports", wall=plain),
    room("n", "notifications", list=plain), room("r", "records", find=find),
    path("styleguide/", styleguide), room("accounts", "accounts", profile=plain, settings=plain),
]  # fmt: skip
