"""Apps for one-time codes, as a person's phone would have them."""

from __future__ import annotations

import time
from typing import Any

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from evidence.curation import second_factor

# A code serves once, so a test that types two moves the clock on by a step.
STEP = 30


def code_of(device: Any) -> str:
    """Give the code that an app shows now."""
    number = totp(device.bin_key, step=device.step, t0=device.t0, digits=device.digits)
    return f"{number:06}"


def wrong_code_of(device: Any) -> str:
    """Give a code that the app shows neither now nor a step earlier or later."""
    now = int(time.time()) // STEP
    shown = {totp(device.bin_key, t0=-STEP * drift) for drift in range(-3, 4)}
    return next(f"{n:06}" for n in range(now % 1000, 999_999) if n not in shown)


def device_for(person: Any) -> Any:
    """Give a person an app in force, with recovery codes, its first code still unused."""
    device = TOTPDevice.objects.create(user=person, name="app", confirmed=True)
    second_factor.new_recovery_codes(person)
    return device
