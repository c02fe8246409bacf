import assert from "node:assert/strict";
import { test } from "node:test";
import { readTime } from "../../www/src/model/time.js";

const MOMENT = Date.UTC(2013, 7, 27, 14, 30, 10);

test("a time is in UTC unless it says otherwise", () => {
  for (const text of ["2013-08-27T14:30:10Z", "2013-08-27T14:30:10", " 2013-08-27 14:30:10 ", "2013-08-27t14:30:10z", "2013-08-27T22:30:10+08:00"]) {
    assert.equal(readTime(text), MOMENT, text);
  }
  assert.equal(readTime("2013-08-27 14:30"), MOMENT - 10_000);
  assert.equal(readTime("2013-08-27"), Date.UTC(2013, 7, 27));
});

test("what is no time gives none", () => {
  for (const text of ["", "yesterday", "1377613810", "2013-13-27T14:30:10Z", "2013-08-27T25:30:10Z", "2013-08-27T14:30:10 Beijing"]) {
    assert.equal(readTime(text), undefined, text);
  }
});
