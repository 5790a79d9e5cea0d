from django.db import models


class SearchCount(models.Model):
    """How often, in a week, something was looked for. `text` is "" on the row that counts all the searches of the week;
    the others count one text that found nothing, and go when it is rare. `nothing`: on the row of all, how many of them
    found nothing. Neither who asked, nor from where, nor when in the week is kept.
    """

    week = models.DateField()  # its Monday
    text = models.CharField(max_length=80, blank=True)
    times = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "text"], name="search_count_once")]

    def __str__(self) -> str:
        return f"{self.week} : {self.text or 'toutes'}, {self.times}"
