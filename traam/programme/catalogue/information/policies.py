from datetime import datetime

from traam.engines.workflow import Verdict, allow_if
from traam.programme.catalogue.information.models import InformationPage
from traam.programme.catalogue.information.queries import Written
from traam.programme.catalogue.information.rules import lacking
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles


def may_write(person: Person, at: datetime) -> Verdict:
    return allow_if(Role.NATIONAL in roles(person, at), "Les pages d'information sont écrites par le bureau national.")


def may_edit(person: Person, written: Written, at: datetime) -> Verdict:
    return may_write(person, at)


def may_publish(person: Person, written: Written, at: datetime) -> Verdict:
    lacks = lacking(written.last.content)
    return may_write(person, at) and (
        allow_if(
            written.page.state != InformationPage.State.PUBLISHED or written.page.shown_id != written.last.pk,
            "Cette version est déjà en ligne.",
        )
        and allow_if(not lacks, f"Pour publier cette page : {' ; '.join(lacks)}.")
    )


def may_withdraw(person: Person, written: Written, at: datetime) -> Verdict:
    return may_write(person, at) and allow_if(
        written.page.state == InformationPage.State.PUBLISHED, "Seule une page en ligne se retire."
    )
