"""The second factor at sign-in: an app that shows codes, and recovery codes for a lost phone.

A session names the row of the device that opened it. So every change puts new rows in place of the
old ones: whatever the old app or codes have opened is asked for a code again.
"""

from __future__ import annotations

import math
import re
from typing import Any

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from evidence.curation.duties import ADMINISTRATOR, REVIEWER
from evidence.curation.errors import NotAllowed

DUTIES_THAT_NEED_IT = (REVIEWER, ADMINISTRATOR)
RECOVERY_CODES = 10

FROM_THE_APP = re.compile(r"[0-9]{6}")
FOR_RECOVERY = re.compile(r"[a-z2-7]{8}")
NO_CODE = "The app's code has six digits; a recovery code has eight letters and digits."
WRONG_CODE = (
    "This code is not right, or was used before. The app shows a new one every 30 seconds; the "
    "phone's clock must be right."
)
WRONG_RECOVERY_CODE = "This recovery code is not right, or was used before. Each serves once."
NOTHING_TO_CONFIRM = "There is no set-up to confirm. Begin again."


def is_required(person: Any) -> bool:
    """Say whether this person may do nothing in the admin without a second factor."""
    if not settings.IL2TRACKER_SECOND_FACTOR:
        return False
    return bool(person.is_superuser or person.groups.filter(name__in=DUTIES_THAT_NEED_IT).exists())


def device_of(person: Any) -> Any:
    """Return the confirmed app of a person, or None."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def pending_of(person: Any, key: Any) -> Any:
    """Return the app that a person is setting up under the key that `begin` gave, or None."""
    return _pending(person, key).first()


def recovery_codes_left(person: Any) -> int:
    """Count the recovery codes that a person has not used yet."""
    return int(StaticToken.objects.filter(device__user=person).count())


def begin(person: Any) -> int:
    """Make a new secret for an app, in place of one that was never confirmed; return its key.

    The session that began keeps the key: no other may see the secret.
    """
    with transaction.atomic():
        _lock(person)
        TOTPDevice.objects.filter(user=person, confirmed=False).delete()
        return int(TOTPDevice.objects.create(user=person, name="app", confirmed=False).pk)


def cancel(person: Any, key: Any) -> None:
    """Forget a secret that was never confirmed."""
    _pending(person, key).delete()


def confirm(person: Any, key: Any, code: str) -> tuple[Any, tuple[str, ...]]:
    """Put the new app into force by a code that it shows, in place of an older one.

    Returns it with new recovery codes; raises NotAllowed where the code is wrong.
    """
    text = _plain(code)
    if not FROM_THE_APP.fullmatch(text):
        raise NotAllowed("The app's code has six digits.")
    with transaction.atomic():
        _lock(person)
        new = _pending(person, key).select_for_update().first()
        if new is None:
            raise NotAllowed(NOTHING_TO_CONFIRM)
        _wait(new)
        if is_right := new.verify_token(text):
            before = "in use" if device_of(person) else ""
            TOTPDevice.objects.filter(user=person).exclude(pk=new.pk).delete()
            new.confirmed = True
            new.save()
            codes = _write_codes(person)
            _log(person, before, "in use, with a new app" if before else "in use")
    # Outside, so that the count of wrong codes is kept.
    if not is_right:
        raise NotAllowed(WRONG_CODE)
    return new, codes


def check(person: Any, code: str) -> Any:
    """Return the device that a code belongs to, and use the code up; else raise NotAllowed."""
    text = _plain(code)
    if FROM_THE_APP.fullmatch(text):
        kind, wrong = TOTPDevice, WRONG_CODE
    elif FOR_RECOVERY.fullmatch(text):
        kind, wrong = StaticDevice, WRONG_RECOVERY_CODE
    else:
        raise NotAllowed(NO_CODE)
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=person, confirmed=True).first()
        if device is not None:
            _wait(device)
        is_right = device is not None and device.verify_token(text)
    if not is_right:
        raise NotAllowed(wrong)
    return device


def new_recovery_codes(person: Any) -> tuple[str, ...]:
    """Make ten recovery codes in place of all older ones, and return them; they are shown once.

    Every session is asked for a code again, but one that is let in anew by `device_of` her.
    """
    with transaction.atomic():
        _lock(person)
        _renew_app(person)
        codes = _write_codes(person)
        _log(person, "in use", "in use, with new recovery codes")
    return codes


def remove(person: Any, *, reason: str = "") -> None:
    """Take a person's second factor away; raise NotAllowed where there is none."""
    with transaction.atomic():
        _lock(person)
        was_there = device_of(person) is not None
        for kind in (TOTPDevice, StaticDevice):
            kind.objects.filter(user=person).delete()
        if was_there:
            _log(person, "in use", "", reason=reason)
    if not was_there:
        raise NotAllowed(f"{person.get_username()} has no second factor.")


def _pending(person: Any, key: Any) -> Any:
    return TOTPDevice.objects.filter(user=person, confirmed=False, pk=key)


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _lock(person: Any) -> None:
    get_user_model().objects.select_for_update().get(pk=person.pk)


def _wait(device: Any) -> None:
    """Raise NotAllowed while wrong codes make this device wait, twice as long each time."""
    allowed, why = device.verify_is_allowed()
    if not allowed:
        seconds = math.ceil((why["locked_until"] - timezone.now()).total_seconds())
        unit, length = ("minute", 60) if seconds > 90 else ("second", 1)
        number = math.ceil(seconds / length)
        raise NotAllowed(
            f"After wrong codes no other is read for a while. Try again in {number:,} "
            f"{unit}{'s' if number != 1 else ''}."
        )


def _renew_app(person: Any) -> None:
    """Give the app in force another row, with its secret and the codes that it has used up."""
    app = TOTPDevice.objects.select_for_update().filter(user=person, confirmed=True).first()
    if app is None:
        return
    since = app.created_at
    TOTPDevice.objects.filter(user=person, confirmed=True).delete()
    app.pk = None
    app.save(force_insert=True)
    TOTPDevice.objects.filter(pk=app.pk).update(created_at=since)


def _write_codes(person: Any) -> tuple[str, ...]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery codes")
    codes = {StaticToken.random_token() for _ in range(RECOVERY_CODES)}
    while len(codes) < RECOVERY_CODES:
        codes.add(StaticToken.random_token())
    for code in sorted(codes):
        device.token_set.create(token=code)
    return tuple(f"{code[:4]}-{code[4:]}" for code in sorted(codes))


def _log(person: Any, before: str, after: str, *, reason: str = "") -> None:
    LogEntry.objects.log_create(
        person,
        action=LogEntry.Action.UPDATE,
        changes={"second factor": [before, after]},
        additional_data={"reason": reason} if reason else None,
    )
