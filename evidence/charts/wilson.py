"""The interval around a share of people, after Wilson."""

from __future__ import annotations

import math

# The normal quantile of a two-sided 95 % interval.
Z = 1.959963984540054


def wilson(affected: int, at_risk: int) -> tuple[float, float]:
    """Give the 95 % score interval, without continuity correction, of a share of 0 to 1.

    It starts at exactly 0 where nobody is affected and ends at exactly 1 where everybody is.
    Raise ValueError unless 0 <= affected <= at_risk and at_risk is at least 1. Source: Wilson EB.
    Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
    1927;22:209-212, doi:10.1080/01621459.1927.10502953; method 3 of Newcombe RG, Stat Med
    1998;17:857-872.
    """
    if not 0 <= affected <= at_risk or at_risk < 1:
        message = f"{affected} of {at_risk} is not a part of a number of people."
        raise ValueError(message)
    share, square = affected / at_risk, Z * Z
    spread = 1 + square / at_risk
    middle = (share + square / (2 * at_risk)) / spread
    variance = share * (1 - share) / at_risk + square / (4 * at_risk * at_risk)
    half = Z * math.sqrt(variance) / spread
    low = 0.0 if affected == 0 else max(0.0, middle - half)
    high = 1.0 if affected == at_risk else min(1.0, middle + half)
    return low, high
