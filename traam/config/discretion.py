"""Nothing of a person in what the site writes down: addresses, telephones and secrets are taken out of each line.

A net under the discipline of the code, which logs the numbers of rows, never their words: an exception of a library
quotes what it was given. The filter works on the whole line, its traceback too, before it is written.
"""

import logging
import re
import traceback

ADDRESS = re.compile(r"[\w.+'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.UNICODE)
PHONE = re.compile(r"(?<![\w.:-])(?:\+33[\s.-]?|0)[1-9](?:[\s.-]?\d{2}){4}(?![\w-])")
# Addresses of pages that open something by themselves: invitation, letters, calendars, codes of ProConnect.
SECRET_PATH = re.compile(
    r"(/(?:invitation|calendriers|courriels/arreter|lettres/(?:confirmer|mes-choix|arreter))/)[^\s\"'?]+"
)
PARAMETER = re.compile(
    r"\b((?:token|jeton|code|state|nonce|sessionid|csrftoken|csrfmiddlewaretoken|password|again|q)=)[^\s&\"';]+",
    re.IGNORECASE,
)
BEARER = re.compile(r"((?:authorization|cookie|set-cookie|bearer)[:\s]+)\S.*", re.IGNORECASE)
# What a traceback of the database quotes: « Key (email)=(…) », « DETAIL: Failing row contains (…) ».
QUOTED = re.compile(r"(Key \([^=\n]*\)=|Failing row contains )\(.*?\)(?=\.| already| is)", re.DOTALL)
PERSON, TELEPHONE, SECRET, VALUES = "[adresse]", "[téléphone]", "[secret]", "[valeurs]"


def discreet(text: str) -> str:
    """The text without what says who, or opens a door."""
    text = QUOTED.sub(rf"\1({VALUES})", text)
    text = BEARER.sub(rf"\1{SECRET}", text)
    text = SECRET_PATH.sub(rf"\1{SECRET}", text)
    text = PARAMETER.sub(rf"\1{SECRET}", text)
    return PHONE.sub(TELEPHONE, ADDRESS.sub(PERSON, text))


class Discretion(logging.Filter):
    """Rewrites the record: its message once composed, and its traceback, which formatters then take as it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
        if record.exc_text:  # formatters take it rather than `exc_info`
            record.exc_text = discreet(record.exc_text)
        return True
