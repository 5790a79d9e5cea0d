from traam.programme.valorisation.issues.models import Block, Issue  # noqa: F401 - Django looks for tables here
from traam.programme.valorisation.syntheses.models import (  # noqa: F401 - Django looks for tables here
    Citation,
    MailingList,
    Synthesis,
)
