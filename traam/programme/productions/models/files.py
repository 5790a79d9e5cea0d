from django.db import models


class Filed(models.Model):
    """A file in the storage of the site, named by its digest; "" when there is none.

    `filename` is the name it is given back with, `size` in bytes; `screened` says what the antivirus made of it.
    """

    class Screened(models.TextChoices):
        NOT = "", "Non analysé : aucun antivirus n'est branché"
        CLEAN = "clean", "Analysé par l'antivirus : rien trouvé"

    file = models.CharField(max_length=64, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)
    screened = models.CharField(max_length=8, choices=Screened.choices, blank=True)

    class Meta:
        abstract = True
