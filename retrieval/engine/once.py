"""A property that is worked out once, also when several threads are the first to ask for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):
    """As `functools.cached_property`, which from Python 3.12 on lets each of the threads work it out."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self._one_at_a_time = RLock()
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, held: None, owner: type) -> once[T]: ...
    @overload
    def __get__(self, held: object, owner: type) -> T: ...
    def __get__(self, held: object | None, owner: type) -> once[T] | T:
        if held is None:
            return self
        # Python looks here only while the object itself has nothing by this name.
        with self._one_at_a_time:
            known = held.__dict__
            if self._name not in known:
                known[self._name] = self._make(held)
        made: T = known[self._name]
        return made
