"""Texts that are given as a study's number and would lead an address astray."""

NUMBERS = [
    "",
    " ",
    "NCT",
    "NCT0000497",
    "NCT000049788",
    "NCT00000000",
    "NCT00004978/../../secret",
    "../NCT00004978",
    "NCT00004978/",
    "NCT00004978?fields=NCTId",
    "NCT00004978#top",
    "NCT00004978\n",
    "NCT00004978\r\nHost: evil.example",
    "NCT00004978%0d%0aX-Evil:%201",
    "NCT00004978%2f..%2f..",
    "NCT00004978\x00",
    "NCT00004978 ",
    "\tNCT00004978",
    "NCT00004978@evil.example",
    "@evil.example",
    "//evil.example/NCT00004978",
    "https://evil.example/api/v2/studies/NCT00004978",
    "file:///etc/passwd",
    "NCT\u0660\u0660\u0660\u0660\u0664\u0669\u0667\u0668",  # Arabic digits
    "NCT\uff10\uff10\uff10\uff10\uff14\uff19\uff17\uff18",  # digits of full width
    "NCT0000497\u096e",  # a last digit in Devanagari
    "\uff2e\uff23\uff3400004978",  # letters of full width
    "NCT00004978,NCT00004979",
    "NCT00004978|NCT00004979",
    "NCT00004978\\..\\..",
    "NCT-0004978",
    "NCT00004978\u2028",
    "\ud800NCT00004978",
    "${jndi:ldap://evil.example}",
    "NCT" + "1" * 10_000,
    "A" * 10_000,
    "' OR 1=1 --",
]
