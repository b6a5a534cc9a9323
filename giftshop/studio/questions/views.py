"""The inbox of questions in the studio: what waits, what was answered, what was closed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bidi import isolated
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.questions import answer
from giftshop.questions.answer import QuestionRefused
from giftshop.questions.models import Question
from giftshop.studio.questions.forms import AnswerForm

PER_PAGE = 50

answering = member_of_brand(Permission.ANSWER_QUESTIONS)


@require_safe
@answering
def questions(request: BrandRequest) -> HttpResponse:
    """Of one state, those that wait unless another is asked for: the oldest of these first, else the
    newest."""
    asked = request.GET.get("state", "")
    state = asked if asked in Question.State.values else Question.State.WAITING
    order = "changed_at" if state == Question.State.WAITING else "-changed_at"
    found = Question.objects.filter(state=state).select_related("treat").order_by(order, "pk")
    context = {
        **_common(request),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "states": Question.State.choices,
        "state": state,
    }
    return render(request, "giftshop/studio/questions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def question(request: BrandRequest, question_id: UUID) -> HttpResponse:
    """One question; its answer is sent from here, once."""
    shown = _find(question_id)
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, question=shown)
    if not form.is_valid():
        return _page(request, shown, form, 422 if form.is_bound else 200)
    try:
        answered = answer.answer(
            shown,
            words=form.cleaned_data["words"],
            show=form.cleaned_data.get("show", False),
            by=actor_of(request.user),
            now=timezone.now(),
        )
    except QuestionRefused as refused:
        form.add_error(None, refused.reason.label)
        return _page(request, _find(question_id), form, 409)
    said = _("Your answer is on its way to %(name)s.") % {"name": isolated(answered.name)}
    messages.success(request, said)
    return redirect("studio_questions", brand_slug=request.brand.slug)


@require_POST
@answering
def closure(request: BrandRequest, question_id: UUID) -> HttpResponse:
    """Without an answer; as spam with `spam` in what is posted."""
    as_spam = "spam" in request.POST
    now, by = timezone.now(), actor_of(request.user)
    try:
        answer.close(_find(question_id), as_spam=as_spam, by=by, now=now)
    except QuestionRefused as refused:
        messages.error(request, refused.reason.label)
        return _back_to(request, question_id)
    messages.success(
        request, _("Put aside as spam.") if as_spam else _("Closed without an answer.")
    )
    return redirect("studio_questions", brand_slug=request.brand.slug)


@require_POST
@answering
def reopening(request: BrandRequest, question_id: UUID) -> HttpResponse:
    try:
        answer.reopen(_find(question_id), by=actor_of(request.user), now=timezone.now())
        messages.success(request, _("It waits for an answer again."))
    except QuestionRefused as refused:
        messages.error(request, refused.reason.label)
    return _back_to(request, question_id)


@require_POST
@answering
def display(request: BrandRequest, question_id: UUID) -> HttpResponse:
    """On the shop with `on` in what is posted, else off it."""
    shown, by, now = _find(question_id), actor_of(request.user), timezone.now()
    try:
        if "on" in request.POST:
            answer.show(shown, by=by, now=now)
            messages.success(request, _("It is on the shop."))
        else:
            answer.take_down(shown, by=by, now=now)
            messages.success(request, _("It is off the shop."))
    except QuestionRefused as refused:
        messages.error(request, refused.reason.label)
    return _back_to(request, question_id)


def _find(question_id: UUID) -> Question:
    return get_object_or_404(Question.objects.select_related("brand", "treat"), pk=question_id)


def _back_to(request: BrandRequest, question_id: UUID) -> HttpResponse:
    return redirect("studio_question", brand_slug=request.brand.slug, question_id=question_id)


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "questions"}


def _page(request: BrandRequest, shown: Question, form: AnswerForm, status: int) -> HttpResponse:
    context = {
        **_common(request),
        "question": shown,
        "form": form,
        "language": get_language_info(shown.language)["name_translated"],
    }
    return render(request, "giftshop/studio/questions/question.html", context, status=status)
