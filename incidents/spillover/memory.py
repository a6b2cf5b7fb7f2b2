"""Results kept in memory by the content of the incidents that they were computed from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from incidents.spillover.outlines import same_shapes

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """The last few results, for visitors who ask the same of the same incidents.

    Examples
    --------
    >>> squares = Kept[int](2)
    >>> squares.get(3, lambda: 9), squares.get(3, lambda: 0)
    (9, 9)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """Give the result of a key, made if it is not kept; whoever comes at the same time may make it too."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = make()
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._most:
                self._results.popitem(last=False)
        return result


def fingerprint(incidents: gpd.GeoDataFrame, *, columns: Iterable[str]) -> bytes:
    """Digest some columns and the geometry of incidents; their index is no part of it."""
    digest = blake2b(digest_size=16)
    for column in columns:
        values = incidents[column]
        digest.update(f"{column} {values.dtype} {len(values)} ".encode())
        digest.update(pd.util.hash_pandas_object(values, index=False).to_numpy().tobytes())
    shapes = incidents.geometry.to_numpy()
    digest.update(shapely.get_type_id(shapes).tobytes())
    digest.update(shapely.is_empty(shapes).tobytes())
    numbers, contents = same_shapes(shapes[shapely.get_dimensions(shapes) > 0])
    digest.update(np.asarray(numbers).tobytes())
    for content in contents:
        digest.update(content)
    return digest.digest()
