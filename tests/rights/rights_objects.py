"""Which objects each address of the site names: what a new address with arguments has to say here.

`OBJECTS` is read in order, and the first pattern found in the address answers. It maps the name of an object, as the
table of rights shows it, to the arguments of the address.
"""

import re
from collections.abc import Callable
from typing import Any

from rights_world import FILE, FINDING, LILLE, LYON, OTHER_ACADEMY, OWN, STRANGER, Arguments, Objects, World

from traam.engines.workflow import Machine
from traam.programme.calls.states import APPLICATION
from traam.programme.campaigns.states import CAMPAIGN, THEME
from traam.programme.groups.states import GROUP, MINUTES
from traam.programme.productions.states import PROMISE, SCENARIO
from traam.programme.valorisation.syntheses.states import SYNTHESIS
from traam.spaces.workshop.views.module_files import DOCUMENTS

Maker = Callable[[World], Objects]


def _academies(**more: Callable[[World], Any] | str) -> Maker:
    def make(world: World) -> Objects:
        rest = {name: value if isinstance(value, str) else value(world) for name, value in more.items()}
        return {OWN: {"slug": "lyon", **rest}, OTHER_ACADEMY: {"slug": "lille", **rest}}

    return make


def _themes(part: str = "", listed: str = "", **more: Any) -> Maker:
    """The theme of one's own and another; `part` is an object of each that the address also names."""

    def make(world: World) -> Objects:
        return {
            where: {"pk": theme.pk, **({part: world.pk[listed][n]} if part else {}), **more}
            for n, (where, theme) in enumerate(zip((OWN, STRANGER), world.themes, strict=True))
        }

    return make


def _of_groups(*names: str, **more: Any) -> Maker:
    """The group of each place, with the numbers of what the address also names ("member", or "scenario:number")."""
    asked = [name.partition(":") for name in names]

    def make(world: World) -> Objects:
        return {
            where: {"pk": place.group.pk, **{(as_ or name): place.pk[name] for name, _, as_ in asked}, **more}
            for where, place in world.places.items()
        }

    return make


def _each(name: str, /, *names: str, **more: Any) -> Maker:
    """One object of each place; `names` are those of its parts."""

    asked = [part.partition(":") for part in names]

    def make(world: World) -> Objects:
        return {
            where: {"pk": place.pk[name], **{(as_ or part): place.pk[part] for part, _, as_ in asked}, **more}
            for where, place in world.places.items()
        }

    return make


def _applications(which: str) -> Maker:
    return lambda world: {where: {"pk": getattr(place, which).pk} for where, place in world.places.items()}


def _verbs(machine: Machine, make: Maker, *but: str) -> Maker:
    """Every verb over one's own object, one over those of the others."""

    def moved(world: World) -> Objects:
        objects = make(world)
        verbs = [verb for verb in dict.fromkeys(move.verb for move in machine.moves) if verb not in but]
        own = {f"{OWN}, {verb}": {**objects[OWN], "verb": verb} for verb in verbs}
        return own | {where: {**found, "verb": verbs[0]} for where, found in objects.items() if where != OWN}

    return moved


def _only(make: Callable[[World], Arguments], name: str = OWN) -> Maker:
    return lambda world: {name: make(world)}


def _two(of: Callable[[World], tuple[Any, Any]], name: str, argument: str = "pk", **more: Any) -> Maker:
    return lambda world: {label: {argument: value, **more} for label, value in zip((OWN, name), of(world), strict=True)}


def _campaigns(state: str, **more: Any) -> Maker:
    return _only(lambda world: {"pk": getattr(world, state).pk, **more}, f"campagne {STATES_OF[state]}")


def _syntheses(listed: str = "syntheses", **more: Any) -> Maker:
    """The synthesis of one's own theme and that of another, or what is in them."""
    return lambda world: {
        where: {"pk": pk, **more} for where, pk in zip((OWN, STRANGER), world.pk[listed], strict=True)
    }


NO_ANSWERS = ("ask", "promise", "keep", "correct", "undo")
BY_READERS = ("send_back", "endorse", "validate", "confirm")
STATES_OF = {"working": "au travail", "open": "ouverte", "preparing": "en préparation"}


def _places(world: World) -> Objects:
    """A trial of a scenario of one's own theme, by one's own group and by another."""
    scenario = world.places[OWN].pk["submitted"]
    groups = {where: world.places[where].group.pk for where in (OWN, OTHER_ACADEMY)}
    return {where: {"pk": scenario, "group": group} for where, group in groups.items()}


def _first_campaign_verbs(world: World) -> Objects:
    verbs = dict.fromkeys(move.verb for move in CAMPAIGN.moves)
    return {verb: {"pk": world.open.pk, "verb": verb} for verb in verbs}


def _relays(world: World) -> Objects:
    """An IAN of one's own academy, and of another."""
    pks = zip((OWN, OTHER_ACADEMY), ("lyon", "lille"), world.pk["relays"], strict=True)
    return {where: {"slug": slug, "pk": pk} for where, slug, pk in pks}


OBJECTS: tuple[tuple[str, Maker], ...] = (
    # One's own account
    (r"^/mon-calendrier/<int:pk>", _two(lambda world: tuple(world.pk["keys"].values()), "d'un autre")),
    (r"^/mon-compte/moyens/<int:pk>", _two(lambda world: tuple(world.pk["factors"].values()), "d'un autre")),
    (r"^/mon-compte/sessions/<int:pk>", _two(lambda world: tuple(world.pk["sessions"].values()), "d'un autre")),
    # Academies
    (r"/classement/<int:theme>$", _academies(campaign=lambda w: w.open.pk, theme=lambda w: w.open_themes[0].pk)),
    (
        r"<slug:slug>/campagnes/<int:campaign>/service-fait/<int:number>/",
        _academies(campaign=lambda w: w.working.pk, number=lambda w: 1),
    ),
    (r"<slug:slug>/campagnes/<int:campaign>/service-fait", _academies(campaign=lambda w: w.working.pk)),
    (r"<slug:slug>/campagnes/<int:campaign>", _academies(campaign=lambda w: w.open.pk)),
    (r"^/academie/<slug:slug>/groupes.<slug:form>$", _academies(form="csv")),
    (r"^/academie/<slug:slug>/ian/<int:pk>/fin$", _relays),
    (r"^/academie/<slug:slug>/", _academies()),
    (r"^/academie/depots/<int:pk>", _two(lambda w: (w.pk["uploads"][LYON], w.pk["uploads"][LILLE]), OTHER_ACADEMY)),
    (r"^/academie/candidatures/<int:pk>/modifier$", _applications("draft")),
    (r"^/academie/candidatures/<int:pk>/avis$", _applications("submitted")),
    (r"^/academie/candidatures/<int:pk>/<slug:verb>$", _verbs(APPLICATION, _applications("submitted"))),
    (r"/candidatures/<int:pk>", _applications("application")),
    # Groups
    (r"/membres/<int:member>/", _of_groups("member")),
    (r"/avancement/<int:note>$", _of_groups("note")),
    (r"/documents/<int:document>/", _of_groups("document")),
    (r"/atelier/groupes/<int:pk>/etat/<slug:verb>$", _verbs(GROUP, _of_groups())),
    (r"/groupes/<int:pk>/service-fait/<int:number>/", _of_groups(number=1)),
    (r"/groupes/<int:pk>/premiere-annee/<int:number>$", _only(lambda w: w.second_year())),
    (
        r"/groupes/<int:pk>/anciens-scenarios/<int:number>$",
        lambda w: {n: {"pk": p.group.pk, "number": w.pk["historical"]} for n, p in w.places.items()},
    ),
    (r"/groupes/<int:pk>", _of_groups()),
    (r"^/atelier/veille/<int:pk>", _each("watch")),
    (r"^/atelier/service-fait/<int:pk>$", _each("share")),
    # Meetings
    (r"/reunions/<int:pk>/compte-rendu/<slug:verb>$", _verbs(MINUTES, _each("held"))),
    (r"/reunions/<int:pk>/(modifier|convocation|annulation)$", _each("planned")),
    (r"/reunions/<int:pk>", _each("held")),
    (r"/releve/<int:pk>", _each("point")),
    # Themes
    (r"/themes/<int:pk>/recherche/<int:link>/", _themes("link", "research")),
    (r"/themes/<int:pk>/ian/<int:relay>/", _themes("relay", "relays")),
    (r"/themes/<int:pk>/correspondants/<int:correspondent>/", _themes("correspondent", "correspondents")),
    (r"/themes/<int:pk>/echeances/<int:milestone>", _themes("milestone", "milestones")),
    (r"/themes/<int:pk>/comparaison.<slug:form>$", _themes(form="csv")),
    (
        r"^/pilotage/themes/<int:pk>/etat/<slug:verb>$",
        lambda w: {move.verb: {"pk": w.open_themes[0].pk, "verb": move.verb} for move in THEME.moves},
    ),
    (r"/themes/<int:pk>", _themes()),
    # Modules
    (r"/modules/<int:pk>/etat/<slug:verb>$", _verbs(SCENARIO, _each("module"), *BY_READERS)),
    (r"/modules/<int:pk>/apercu/<int:place>$", _each("module", place=1)),
    (r"/modules/<int:pk>/documents/<slug:document>.pdf$", _each("module", document=next(iter(DOCUMENTS)))),
    (r"/parties/<int:section>/activites/<slug:kind>$", _each("module", "section", kind="page")),
    (r"/parties/<int:section>", _each("module", "section")),
    (r"/questions/nouvelle/<slug:kind>$", _each("module", "quiz:activity", kind="true_false")),
    (r"/questions/<int:number>$", _each("module", "quiz:activity", number=1)),
    (r"/activites/<int:activity>", _each("module", "quiz:activity")),
    (r"/modules/<int:pk>", _each("module")),
    # Scenarios
    (r"/pieces/<int:piece>", _each("draft", "piece")),
    (r"^/atelier/scenarios/<int:pk>/fichiers/<slug:name>$", _each("draft", name=FILE)),
    (r"/ressources/<int:resource>", _each("draft", "resource")),
    (r"/tests/promettre/<int:group>$", _places),
    (r"/tests/promesses/<int:pk>/<slug:verb>$", _verbs(PROMISE, _each("promise"), *NO_ANSWERS)),
    (r"^/atelier/tests/<int:pk>/", _each("test")),
    (r"/scenarios/<int:pk>/(tests|comparer|tests/demander)$", _each("submitted")),
    (r"/scenarios/<int:pk>/etat/<slug:verb>$", _verbs(SCENARIO, _each("submitted"), *BY_READERS)),
    (r"^/atelier/scenarios/<int:pk>", _each("draft")),
    (r"^/evaluation/scenarios/<int:pk>$", _each("submitted")),
    (r"^/evaluation/scenarios/<int:pk>/", _each("validated")),
    # Syntheses
    (r"^/evaluation/syntheses/remarques/<int:pk>/", _syntheses("synthesis_remarks")),
    (r"^/evaluation/syntheses/<int:pk>/etat/<slug:verb>$", _verbs(SYNTHESIS, _syntheses(), "publish", "withdraw")),
    (r"^/evaluation/syntheses/<int:pk>.<slug:form>$", _syntheses(form="odt")),
    (r"^/evaluation/syntheses/<int:pk>", _syntheses()),
    (r"^/pilotage/listes-de-diffusion/<slug:key>$", _only(lambda w: {"key": "dgesco"})),
    # What is reviewed
    (r"/remarques/<int:pk>/", _each("remark")),
    (r"^/evaluation/<slug:kind>/<int:pk>/", _each("submitted", kind="scenarios")),
    (r"/bilans/<int:pk>/etat/<slug:verb>$", _verbs(SCENARIO, _each("bilan"), *BY_READERS)),
    (r"/bilans/<int:pk>.<slug:form>$", _each("bilan", form="pdf")),
    (r"/bilans/<int:pk>", _each("bilan")),
    (r"/supports/<int:pk>/etat/<slug:verb>$", _verbs(SCENARIO, _each("support"), *BY_READERS)),
    (r"/supports/<int:pk>/(deposer|retirer)/<slug:what>$", _each("support", what="fichier")),
    (r"/supports/<int:pk>/fichiers/<slug:name>$", _each("support", name=FILE)),
    (r"/supports/<int:pk>", _each("support")),
    # Publication
    (r"/derogations/<int:pk>/fin$", _each("waiver")),
    (r"/adresses/<int:pk>/contester/<slug:finding>$", _each("watched", finding=FINDING.key)),
    (r"/adresses/<int:pk>", _each("watched")),
    (r"/contestations/<int:pk>", _each("contest")),
    (r"^/evaluation/(groupes|adresses).<slug:form>$", _only(lambda w: {"form": "csv"})),
    (r"^/pilotage/indicateurs.<slug:form>$", _only(lambda w: {"form": "csv"})),
    # Steering
    (r"^/pilotage/campagnes/<int:pk>/etat/<slug:verb>$", _first_campaign_verbs),
    (r"/avenants/<slug:kind>/<slug:name>$", _campaigns("open", kind="date", name="announcement")),
    (
        r"/campagnes/<int:pk>/themes/<int:theme>$",
        _only(lambda w: {"pk": w.open.pk, "theme": w.open_themes[0].pk}, "campagne ouverte"),
    ),
    (r"/campagnes/<int:pk>/groupes.<slug:form>$", _campaigns("working", form="csv")),
    (r"/campagnes/<int:pk>/(groupes|edubase|avancement|tests|service-fait|annonce)", _campaigns("working")),
    (r"/campagnes/<int:pk>", _campaigns("open")),
    (r"/propositions/<int:pk>.<slug:form>$", _only(lambda w: {"pk": w.pk["proposal"], "form": "csv"})),
    (r"/propositions/<int:pk>", _only(lambda w: {"pk": w.pk["proposal"]})),
    (r"^/pilotage/effacements/<int:pk>", _two(lambda w: w.pk["forgettings"], "autre personne")),
    (r"^/pilotage/lettres/envois/<int:pk>", _only(lambda w: {"pk": w.pk["sending"]})),
    (r"^/pilotage/lettres/messages/<int:pk>", _only(lambda w: {"pk": w.pk["delivery"]})),
    (r"^/pilotage/lettres/elements/<int:pk>", _only(lambda w: {"pk": w.pk["block"]})),
    (r"/numeros/<int:pk>/choisir/<slug:what>$", _only(lambda w: {"pk": w.pk["issue"], "what": "themes"})),
    (r"/numeros/<int:pk>/ajouter/<slug:kind>$", _only(lambda w: {"pk": w.pk["issue"], "kind": "text"})),
    (r"/numeros/<int:pk>/(reprendre|envoyer)$", _only(lambda w: {"pk": w.pk["ready_issue"]})),
    (r"/numeros/<int:pk>", _only(lambda w: {"pk": w.pk["issue"]})),
    (r"/lettres/annoncer/<slug:kind>/<int:pk>", _only(lambda w: {"kind": "numeros", "pk": w.pk["published_issue"]})),
    (r"^/pilotage/lettres/<slug:slug>", _only(lambda w: {"slug": "droits"})),
    (r"^/pilotage/courriels/<int:pk>/", _only(lambda w: {"pk": w.pk["letter"]})),
    (r"^/pilotage/catalogue/fichiers/<int:pk>", _only(lambda w: {"pk": w.pk["deposit"]})),
    (r"^/pilotage/catalogue/correspondances/<int:pk>", _only(lambda w: {"pk": w.pk["correspondence"]})),
    (r"^/pilotage/informations/<slug:slug>", _only(lambda w: {"slug": "page-des-droits"})),
    (
        r"^/pilotage/personnes/<int:pk>/voir-comme$",
        _two(lambda w: (w.people["dan"].pk, w.people["national"].pk), "soi"),
    ),
    (
        r"^/pilotage/personnes/roles/<int:pk>",
        _two(lambda w: (w.pk["appointment"], w.pk["other_appointment"]), "d'un autre"),
    ),
)


def objects_of(address: str, world: World) -> Objects:
    """The objects to ask for at this address; `LookupError` when nobody said which."""
    if "<" not in address:
        return {"": {}}
    for pattern, make in OBJECTS:
        if re.search(pattern.replace(".<", r"\.<").replace(".pdf", r"\.pdf"), address):
            found = make(world)
            names = set(re.findall(r"<\w+:(\w+)>", address))
            return {name: {k: v for k, v in values.items() if k in names} for name, values in found.items()}
    raise LookupError(
        f"{address}: no object is known for this address. Add a line to OBJECTS in tests/rights/"
        "rights_objects.py (and its rows to rights_world.py), then draw the table again: `make rights`."
    )
