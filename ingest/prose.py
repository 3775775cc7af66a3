"""Some prose, as any newspaper has it: with names, numbers and quotation marks."""

PROSE = (
    "The ferry company said on 14 March 2024 that it would cut 37 of its 210 winter crossings, blaming fuel prices"
    ' that had risen by 18.5% in a year. "We have no choice," its director, Maria Lindqvist, told reporters in'
    " Gothenburg; islanders answered that a promise made in 2019 had been broken, and two councils went to court.",
    "Researchers at the University of Leeds found that bees exposed to street lights slept less, visited fewer"
    " flowers (about a third) and lost weight. What does it mean for farms? Crops such as apples, beans and oilseed"
    " rape depend on them, and the lamps burn from dusk till dawn in most towns of Europe, China and the U.S.",
    "United came from two goals down to win 3-2 at home on Saturday, their first victory in eleven matches. Okafor"
    " struck twice in five minutes before the captain's late header; the visitors finished with ten men. The club"
    " is now fifteenth, four points clear of relegation, and meets the champions in the cup on Tuesday night.",
    "In the late 16th century the kingdom's constitution gave the estates a veto over new taxes (the so-called"
    " Charter of 1579). Historians disagree about its effect: some, e.g. Brandt and Meyer, see an early parliament;"
    " others argue that the nobility, the Church and the Crown had shared power in much the same way since 1240.",
)
"""What the loudness of each channel of the model is measured on, and in which directions its words differ."""
