"""Short made-up articles, besides the packaged sample, for statements to be checked against."""

from datetime import date

from ingest.article import Article, normalise

FERRY = """\
The ferry Northern Star caught fire on Tuesday evening, 12 March, with 214 passengers and 31 crew on board. Nobody was \
killed, but nine people were treated for smoke inhalation. The captain, Ingrid Solheim, ordered everyone to the \
lifeboats at 7:40 p.m.

The operator, Tarn Lines, said the fire began in a fuel pump that had been replaced in January. The company denied \
that it had skipped an inspection. Its chief executive, Paul Renshaw, told reporters that the ship would not sail \
again before June.

The Maritime Safety Board fined Tarn Lines £1.2 million in 2021 over a similar fire. The board's inspector, Dr. Leila \
Haddad, said the company had not followed the advice it was given then. Renshaw sued the board in 2022 and lost.

Repairs will cost about 4.5 million pounds. Some 60 percent of that is covered by insurance.
"""

COUNCIL = """\
Lakeside council voted 7–4 on Monday to close two of its five libraries. Mayor Teresa Okafor voted against the plan, \
while Councillor James Whitby proposed it. The closures will save $350,000 a year, according to the council's finance \
office.

“A town without libraries forgets itself,” Okafor said after the vote. Whitby replied that the council had run out of \
money and had no other choice.

The Elm Street branch will close on 30 April 2025 and the Harbour branch on 31 May. Staff numbers will fall from 48 to \
31. The main library on Station Road, which opened in 1911, will stay open on Sundays.

More than 3,000 people signed a petition against the closures. The petition was handed to Whitby by Amina Yusuf, a \
retired teacher. Voters rejected a similar plan in a referendum in November 2019.
"""

PLANET = """\
Astronomers at the Calder Observatory in Chile have found a planet that is twice as heavy as Earth and circles its \
star every 19 days. The planet, named Calder 7b, lies 42 light years from Earth. It was first seen in October 2023 by \
Yuki Tanaka, a doctoral student.

The surface is probably between 10 and 25 degrees Celsius, the team wrote in the journal Stellar Letters. It has not \
found water on the planet. Marco Ferri of the University of Bologna, who was not involved, called the result “careful \
and convincing”.

The observatory bought its new camera from Orion Optics for 2.3 million euros. Half of the money came from the \
European Space Fund. Chile refused to pay a share. The telescope will be switched off for repairs from 1 July to 15 \
September.
"""

BANK = """\
A judge fined Halden Bank 12 million kroner on 3 May 2023 after its former director, Nils Aune, hid losses from \
customers. The court acquitted the deputy director, Anders Moen. Prosecutors had claimed that the bank broke the law \
in Sweden as well, but the judge did not agree.

If the bank appeals, it will not pay the fine until next year. Grete Moen, who leads the union, welcomed the ruling. \
“The bank stole our pensions,” she said. Some customers of the lawyer of Halden Bank lost their savings. Two of the \
bank’s 40 branches will close.
"""

ARTICLES = (
    Article(normalise(FERRY), "Ferry fire off Tarn", "/news/ferry.md", published=date(2024, 3, 14)),
    Article(normalise(COUNCIL), "Lakeside to close libraries", "/news/council.md", published=date(2025, 2, 4)),
    Article(normalise(PLANET), "A planet twice as heavy as Earth", "/news/planet.md", published=date(2025, 6, 20)),
    Article(normalise(BANK), "Halden Bank fined", "/news/bank.md", published=date(2023, 5, 5)),
)
