"""Neutral prose: sentences about weather, tools and gardens that no policy speaks of, as much of them as is wanted."""

from __future__ import annotations

import random

SENTENCES = (
    "The ferry left ten minutes late because of fog over the harbour.",
    "A loaf of rye keeps longer when it is wrapped in a linen cloth.",
    "Two of the three lifts in the office building are being serviced this week.",
    "Basalt cools into columns that look as though somebody had cut them.",
    "The spreadsheet adds up the second column and ignores the first.",
    "Rain is expected in the north, with some sun towards the evening.",
    "He sharpened the chisel on a wet stone and wiped it dry.",
    "The railway timetable changes on the second Sunday of December.",
    "Tomatoes like a warm wall and do badly in heavy clay.",
    "A new roof was put on the town hall after the storm in March.",
    "The recipe asks for two onions, a bay leaf and half a litre of stock.",
    "Her bicycle needed a new chain and a longer brake cable.",
    "The museum shows clocks from the eighteenth century on its second floor.",
    "Grey paint hides the scratches better than white does.",
    "The printer on the ground floor takes thicker paper than the others.",
    "Geese flew over the lake in the morning and came back at dusk.",
    "The council voted to plant lime trees along the main road.",
    "A walnut table stood in the hall, with a lamp and a stack of maps.",
    "Concrete should be kept damp for some days after it is poured.",
    "The bus to the airport stops at the corner by the post office.",
    "It took the plumber an hour to find where the pipe was leaking.",
    "The harbour was dredged in spring so that larger ships could enter.",
    "Coffee tastes flat when the water is not hot enough.",
    "The orchestra tuned its instruments while the hall was filling.",
    "A good map shows the height of the ground by thin brown lines.",
    "Wool shrinks in hot water, and linen does not mind it.",
    "The bridge is closed to lorries until the bolts have been replaced.",
    "Snow lay in the shade of the barn until the middle of April.",
    "The bakery sells yesterday's bread at half the price.",
    "Somebody had left an umbrella under the bench by the river.",
    "The software was updated overnight and now starts a little faster.",
    "Copper roofs turn green within some decades.",
    "The hotel has forty rooms, most of them facing the square.",
    "An old map of the county hangs beside the library's entrance.",
    "The carpenter measured the door twice before he cut it.",
    "Beans climb anything that stands upright and is not too thick.",
    "The train was so full that most of the passengers stood.",
    "A long drought had left the reservoir at a third of its depth.",
    "The invoice was paid on the last day of the month.",
    "Wind from the west brings the smell of the brewery into the town.",
)


def prose(words: int, chance: random.Random) -> str:
    """Sentences in a random order, again and again, until there are so many words."""
    found: list[str] = []
    count = 0
    while count < words:
        for sentence in chance.sample(SENTENCES, len(SENTENCES)):
            if count >= words:
                break
            found.append(sentence)
            count += len(sentence.split())
    return " ".join(found)
