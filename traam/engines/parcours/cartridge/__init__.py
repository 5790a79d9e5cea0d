"""A module as an IMS Common Cartridge 1.1 (.imscc), which most platforms take, at the price of what `losses` lists.

Source: IMS GLC Common Cartridge 1.1 profile, with QTI 1.2.1 quizzes. 1.1 and not later: Moodle refuses 1.2 and 1.3.
"""

from traam.engines.parcours.cartridge.losses import losses
from traam.engines.parcours.cartridge.writing import cartridge

__all__ = ["cartridge", "losses"]
