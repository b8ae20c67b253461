"""Small diagrams that together have every kind of element, so that each is broken, too."""

from __future__ import annotations

from typing import Final

SPECIMENS: Final = (
    """
    start -> f:or -[n > 0]-> a:user -> j:or -> z:service(work) -> end
    f -[n > 1]-> b:rule -> j
    f -[else]-> c:send(m) -> j
    a!late:timer PT1H -> d:manual -> j
    z.in x = =n + 1
    z.out y = x
    """,
    """
    start -> s:sub -> x:xor -[n = 1]-> end
    x -[else]-> t:throw(signal go) -> end2
    s {
        start2 -> a:user -> e:end(escalation E)
        h:on {
            go:start+(message hello) -> end5
        }
        k:on {
            bad:start(error X) -> end6
        }
    }
    s+esc:escalation E -> u:task -> end3
    s!any:error -> end4
    """,
    """
    start -> t:tx -> w:throw(compensate) -> end
    t {
        start2 -> a:user -> q:xor -[n > 0]-> c:end(cancel)
        q -[else]-> end2
        a ~> undo:service(undo)
    }
    t!gone:cancel -> end3
    """,
    """
    start -> f:and -> r:race -> m:catch(message m) -> j:and -> k:complex(activationCount >= 1) -> end
    r -> w:catch(timer PT5M) -> j
    f -> g:receive(m2) -> k
    f -> l:throw(link away)
    q:catch(link away) -> v:catch(conditional n > 2) -> j
    f -> o:catch(all signal s, message m) -> j
    """,
    """
    start -> a:script({n: n + 1}) -> b:service(work) -> c:call(other) -> d:user -> stop:end(terminate)
    a.loop n < 3
    a.max 4
    b.each x in [1, 2, 3]
    b.until numberOfCompletedInstances = 2
    b.collect ys = x
    c.in n = =n
    c.out n = n
    d.times sequential 2
    d!go:any signal s, timer PT1H -> end2
    d.set startQuantity="1"
    === other
    start8 -> x:user -> end8:end(error E)
    """,
    """
    go:start(message go) -> a:user -> end
    tick:start(timer R/P1D) -> b:user -> end2:end(message m)
    x:start(any signal s, message other) -> c:user -> end3:end(any signal s, message m)
    """,
)
