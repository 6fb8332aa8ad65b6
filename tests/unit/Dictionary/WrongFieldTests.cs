namespace Monitoring.Dictionary;

/// <summary>One thing in a valid file is made wrong; exactly that is found, at its line.</summary>
public sealed class WrongFieldTests
{
    [Theory]
    // Departments
    [InlineData("- id: noc", "- name2: noc", "departments[0].name2", 2, "unknown field 'name2'; did you mean 'name'?; known here: id, name, subscriptions", 2)]
    [InlineData("- id: noc", "- id: NOC", "departments[0].id", 2, "'NOC' is not allowed; write 1 to 100 characters of a-z", 2)]
    [InlineData("- id: noc", "- id: [noc]", "departments[0].id", 2, "must be a single value, but is a list", 1)]
    [InlineData("- id: noc", "- id:", "departments[0].id", 2, "is missing", 1)]
    [InlineData("name: { zh: 全国运行中心, en: National operations centre }", "name: { zh: ' ', en: '' }", "departments[0].name", 3, "at least one of zh and en", 1)]
    [InlineData("name: { zh: 全国运行中心, en: National operations centre }", "name: { zh: a, enn: b }", "departments[0].name.enn", 3, "did you mean 'en'?", 1)]
    [InlineData("name: { zh: 全国运行中心, en: National operations centre }", "name: [a]", "departments[0].name", 3, "must have fields (zh, en), but is a list", 1)]
    [InlineData("name: { zh: 全国运行中心, en: National operations centre }", "name: \"a\\u0007b\"", "departments[0].name", 3, "control character U+0007", 1)]
    [InlineData("    name: { zh: 全国运行中心, en: National operations centre }\n", "", "departments[0].name", 2, "is missing; write a text", 1)]
    [InlineData("indicator: \"flights.*\"", "indicator: \"flighs.*\"", "departments[0].subscriptions[0].indicator", 5, "matches no indicator", 1)]
    [InlineData("indicator: \"flights.*\"", "indicator: \"flights/*\"", "departments[0].subscriptions[0].indicator", 5, "is not allowed", 1)]
    [InlineData("indicator: \"flights.*\", ", "", "departments[0].subscriptions[0].indicator", 5, "is missing", 1)]
    [InlineData("path: \"**\"", "path: \"**/GA\"", "departments[0].subscriptions[0].path", 5, "last part only", 1)]
    [InlineData("path: \"**\"", "path: \"a/b/c/d/e/f/g/h/i\"", "departments[0].subscriptions[0].path", 5, "has 9 parts", 1)]
    [InlineData("level: warning", "level: warnin", "departments[0].subscriptions[0].level", 5, "unknown word 'warnin'; did you mean 'warning'?; write one of info, warning, critical", 1)]
    [InlineData("level: warning", "level: {}", "departments[0].subscriptions[0].level", 5, "but is a mapping", 1)]
    [InlineData("- { indicator: \"flights.*\", path: \"**\", level: warning }", "indicator: x", "departments[0].subscriptions", 5, "must be a list, but is a mapping", 1)]
    // Indicators
    [InlineData("- code: flights.delay", "- code: flights/delay", "indicators[0].code", 7, "'flights/delay' is not allowed", 2)]
    [InlineData("description: Mean of all departures.", "descripton: x", "indicators[0].descripton", 9, "did you mean 'description'?", 1)]
    [InlineData("unit: min", "unit: { a: b }", "indicators[0].unit", 10, "must be a single value", 1)]
    [InlineData("unit: min", "unit: 123456789012345678901234567890123456789012345678901", "indicators[0].unit", 10, "has 51 characters, at most 50", 1)]
    [InlineData("statistic: average", "statistic: avrage", "indicators[0].statistic", 11, "did you mean 'average'?; write one of sum, average, count, min, max, last", 1)]
    [InlineData("    statistic: average\n", "", "indicators[0].statistic", 7, "is missing; write one of sum", 1)]
    [InlineData("[state, airport]", "state", "indicators[0].breakdown", 12, "must be a list, but is the single value 'state'", 1)]
    [InlineData("[state, airport]", "[state, state]", "indicators[0].breakdown[1]", 12, "'state' is a dimension already", 1)]
    [InlineData("[state, airport]", "[state, '']", "indicators[0].breakdown[1]", 12, "is empty", 1)]
    [InlineData("[state, airport]", "[state, a/b]", "indicators[0].breakdown[1]", 12, "has a '/'", 1)]
    [InlineData("[state, airport]", "[a, b, c, d, e, f, g, h, i]", "indicators[0].breakdown", 12, "has 9 dimensions, at most 8", 1)]
    [InlineData("[state, airport]", "[state, [airport]]", "indicators[0].breakdown[1]", 12, "must be a single value, but is a list", 1)]
    [InlineData("resolution: 1m", "resolution: 1 minute", "indicators[0].resolution", 13, "'1 minute' is not a duration; write whole numbers with units", 1)]
    [InlineData("resolution: 1m", "resolution: 7s", "indicators[0].resolution", 13, "divide a day evenly", 1)]
    [InlineData("resolution: 1m", "resolution: 500ms", "indicators[0].resolution", 13, "must be 1s to 1d", 1)]
    [InlineData("resolution: 1m", "resolution: 2d", "indicators[0].resolution", 13, "must be 1s to 1d", 1)]
    [InlineData("{ rolling: 1h }", "{ rolling: 90s }", "indicators[0].period.rolling", 14, "not a multiple of the resolution, 1m", 1)]
    [InlineData("{ rolling: 1h }", "{ rolling: 0s }", "indicators[0].period.rolling", 14, "longer than zero", 1)]
    [InlineData("{ rolling: 1h }", "{ rolling: 8d }", "indicators[0].period.rolling", 14, "8d is 11520 buckets of 1m, at most 10080", 1)]
    [InlineData("{ rolling: 1h }", "{ rolling: soon }", "indicators[0].period.rolling", 14, "'soon' is not a duration", 1)]
    [InlineData("{ rolling: 1h }", "{ rolling: 1h, day: UTC }", "indicators[0].period", 14, "exactly one of rolling", 1)]
    [InlineData("{ rolling: 1h }", "{}", "indicators[0].period", 14, "exactly one of rolling", 1)]
    [InlineData("{ rolling: 1h }", "1h", "indicators[0].period", 14, "'1h' is a length; write { rolling: 1h }", 1)]
    [InlineData("{ rolling: 1h }", "mounth", "indicators[0].period", 14, "unknown word 'mounth'; did you mean 'month'?; write { rolling: 1h }, or day, week, month, quarter, year or life of the calendar", 1)]
    [InlineData("{ rolling: 1h }", "{ week: 1 }", "indicators[0].period", 14, "write the others as a word, such as period: week", 2)]
    [InlineData("{ rolling: 1h }", "[day, month]", "indicators[0].period", 14, "is a list; write one here, and the others in more_periods", 1)]
    [InlineData("{ rolling: 1h }", "month", "indicators[0].period", 14, "is a period of a calendar, and the indicator has none; write calendar:", 1)]
    [InlineData("{ rolling: 1h }", "day", "indicators[0].period", 14, "is a period of a calendar, and the indicator has none", 1)]
    [InlineData("{ rolling: 1h }", "{ day: '' }", "indicators[0].period", 14, "is a period of a calendar, and the indicator has none", 1)]
    [InlineData("{ rolling: 1h }", "{ rolling: 1h }\n    more_periods: [day]", "indicators[0].more_periods[0]", 15, "is a period of a calendar, and the indicator has none", 1)]
    [InlineData("{ rolling: 1h }", "life", "indicators[0].period", 14, "is a period of a calendar, and the indicator has none", 1)]
    [InlineData("{ rolling: 1h }", "month\n    calendar: Asia/Shanghia", "indicators[0].calendar", 15, "there is no calendar 'Asia/Shanghia', nor a time zone of that name; did you mean 'Asia/Shanghai'?", 1)]
    [InlineData("resolution: 1m\n    period: { rolling: 1h }", "resolution: 1h\n    calendar: Asia/Kolkata\n    period: month", "indicators[0].calendar", 14, "inside a bucket of 1h", 1)]
    [InlineData("{ rolling: 1h }", "{ day: UTC }\n    calendar: UTC", "indicators[0].period.day", 14, "the time zone is the calendar's already; write period: day", 1)]
    [InlineData("{ rolling: 1h }", "month\n    calendar: UTC\n    more_periods: [year, month]", "indicators[0].more_periods[1]", 16, "is there already", 1)]
    [InlineData("{ rolling: 1h }", "month\n    calendar: UTC\n    more_periods: [{ day: UTC }]", "indicators[0].more_periods[0]", 16, "the time zone is the calendar's; write day", 1)]
    [InlineData("{ rolling: 1h }", "{ rolling: 1h }\n    more_periods: [{ rolling: 90s }]", "indicators[0].more_periods[0].rolling", 15, "not a multiple of the resolution", 1)]
    // Holidays
    [InlineData("indicators:", "holidays:\n  - { id: cn, name: CN, days: [{ name: A, from: 2026-02-30 }] }\nindicators:", "holidays[0].days[0].from", 7, "'2026-02-30' is not allowed; write a date such as 2026-02-17", 1)]
    [InlineData("indicators:", "holidays:\n  - { id: cn, name: CN, days: [{ name: A, from: 2026-02-30, to: 2026-03-01 }] }\nindicators:", "holidays[0].days[0].from", 7, "is not allowed", 1)]
    [InlineData("indicators:", "holidays:\n  - { id: cn, name: CN, days: [{ name: A, from: 9999-12-31 }] }\nindicators:", "holidays[0].days[0].from", 7, "must be 1970-01-01 to 2999-12-31", 1)]
    [InlineData("indicators:", "holidays:\n  - { id: cn, name: CN, days: [{ name: A, from: 2026-02-17, to: 2026-02-16 }] }\nindicators:", "holidays[0].days[0].to", 7, "2026-02-16 is before 2026-02-17", 1)]
    [InlineData("indicators:", "holidays:\n  - { id: cn, name: CN, days: [{ name: A, from: 2026-02-17, workdays: [2026-02-17] }] }\nindicators:", "holidays[0].days[0].workdays[0]", 7, "is a day off of the same holiday", 1)]
    [InlineData("indicators:", "holidays:\n  - { id: cn, name: CN }\nindicators:", "holidays[0].days", 7, "is missing; write a list", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC, weekend: [sunday, sunday] }\nindicators:", "calendars[0].weekend", 7, "must be a list of different days", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC, weekend: [sonntag] }\nindicators:", "calendars[0].weekend[0]", 7, "unknown word 'sonntag'", 1)]
    [InlineData("owner: noc", "compare: part\n    owner: noc", "indicators[0].compare", 15, "unknown word 'part'", 1)]
    [InlineData("owner: noc", "year_ago: easter\n    owner: noc", "indicators[0].year_ago", 15, "unknown word 'easter'", 1)]
    [InlineData("owner: noc", "better: hihger\n    owner: noc", "indicators[0].better", 15, "unknown word 'hihger'; did you mean 'higher'?", 1)]
    // Calendars
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: Mars/Base }\nindicators:", "calendars[0].time_zone", 7, "unknown time zone 'Mars/Base'", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY }\nindicators:", "calendars[0].time_zone", 7, "is missing; write an IANA time zone", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC, day_starts: \"24:00\" }\nindicators:", "calendars[0].day_starts", 7, "'24:00' is not allowed; write a time of day in quotes", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC, week_starts: mon }\nindicators:", "calendars[0].week_starts", 7, "unknown word 'mon'", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC, year_starts: \"02-29\" }\nindicators:", "calendars[0].year_starts", 7, "'02-29' is not allowed; write month and day in quotes, the day at most 28", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC, months: 4-4-4 }\nindicators:", "calendars[0].months", 7, "unknown word '4-4-4'; did you mean '4-4-5'?", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC, year_anchor: on_or_before }\nindicators:", "calendars[0].year_anchor", 7, "leave it out, or write months: 4-4-5", 1)]
    [InlineData("indicators:", "calendars:\n  - { id: fy, name: FY, time_zone: UTC }\n  - { id: fy, name: FY, time_zone: UTC }\nindicators:", "calendars[1].id", 8, "'fy' is taken already", 1)]
    [InlineData("{ rolling: 1h }", "{ day: America/NewYork }", "indicators[0].period.day", 14, "unknown time zone 'America/NewYork'; did you mean 'America/New_York'?", 1)]
    [InlineData("resolution: 1m\n    period: { rolling: 1h }", "resolution: 1h\n    period: { day: Asia/Kolkata }", "indicators[0].period.day", 14, "inside a bucket of 1h", 1)]
    [InlineData("owner: noc", "lateness: 0s\n    owner: noc", "indicators[0].lateness", 15, "must be 1s to 36500d", 1)]
    [InlineData("owner: noc", "lateness: 36501d\n    owner: noc", "indicators[0].lateness", 15, "must be 1s to 36500d", 1)]
    [InlineData("owner: noc", "lateness: never\n    owner: noc", "indicators[0].lateness", 15, "'never' is not a duration", 1)]
    [InlineData("owner: noc", "owner: noq", "indicators[0].owner", 15, "no department 'noq'; did you mean 'noc'?", 1)]
    // Rules
    [InlineData("- id: high", "- id: ''", "indicators[0].rules[0].id", 17, "'' is not allowed", 1)]
    [InlineData("path: \"*\"", "path: \"*/*/*\"", "indicators[0].rules[0].path", 19, "has 3 parts, the breakdown has 2", 1)]
    [InlineData("when: above", "when: over", "indicators[0].rules[0].when", 20, "unknown word 'over'", 1)]
    [InlineData("min_points: 5", "min_points: -5", "indicators[0].rules[0].min_points", 21, "-5 is not allowed; write 0 or more", 1)]
    [InlineData("min_points: 5", "min_points: 5.5", "indicators[0].rules[0].min_points", 21, "'5.5' is not a whole number", 1)]
    [InlineData("min_points: 5", "min_points: 99999999999999999999", "indicators[0].rules[0].min_points", 21, "is not a whole number", 1)]
    [InlineData("critical: { enter: 40, exit: 30 }", "critcal: { enter: 40, exit: 30 }", "indicators[0].rules[0].levels.critcal", 24, "did you mean 'critical'?", 1)]
    [InlineData("critical: { enter: 40, exit: 30 }", "critical: 40", "indicators[0].rules[0].levels.critical", 24, "must have fields (enter, exit, for), but is the single value '40'", 1)]
    [InlineData("enter: 40", "enter: 20", "indicators[0].rules[0].levels.critical.enter", 24, "20 must be greater than that of warning, 20", 2)]
    [InlineData("enter: 40", "enter: 40,5", "indicators[0].rules[0].levels.critical.5", 24, "unknown field '5'", 1)]
    [InlineData("enter: 40", "enter: \"40,5\"", "indicators[0].rules[0].levels.critical.enter", 24, "'40,5' is not a number that is allowed", 1)]
    [InlineData("enter: 40", "enter: .nan", "indicators[0].rules[0].levels.critical.enter", 24, "'.nan' is not a number that is allowed; write a finite number", 1)]
    [InlineData("enter: 40", "enter: NaN", "indicators[0].rules[0].levels.critical.enter", 24, "finite", 1)]
    [InlineData("enter: 40", "enter: 1e999", "indicators[0].rules[0].levels.critical.enter", 24, "finite", 1)]
    [InlineData("enter: 40, ", "", "indicators[0].rules[0].levels.critical.enter", 24, "is missing", 1)]
    [InlineData("exit: 15", "exit: 25", "indicators[0].rules[0].levels.warning.exit", 23, "25 is above enter, 20", 1)]
    [InlineData("exit: 15", "exit: x", "indicators[0].rules[0].levels.warning.exit", 23, "'x' is not a number", 1)]
    [InlineData("for: 2m", "for: 2", "indicators[0].rules[0].levels.warning.for", 23, "'2' is not a duration", 1)]
    [InlineData("for: 2m", "for: 8d", "indicators[0].rules[0].levels.warning.for", 23, "0s to 7d", 1)]
    [InlineData("path: \"*\"", "path: \"*\"\n        path: GA", "indicators[0].rules[0].path", 20, "'path' is given twice; it stands in line 19 already", 1)]
    // The file
    [InlineData("owner: noc", "owner: &o noc", "indicators[0].owner", 15, "the anchor &o is not allowed", 1)]
    [InlineData("owner: noc", "owner: *o", "indicators[0].owner", 15, "the alias *o is not allowed; write the value out", 1)]
    [InlineData("owner: noc", "owner: !!str noc", "indicators[0].owner", 15, "the tag tag:yaml.org,2002:str is not allowed", 1)]
    [InlineData("    owner: noc\n", "    ? [a]\n    : b\n    owner: noc\n", "indicators[0]", 15, "the name of a field must be a plain word", 1)]
    [InlineData("departments:\n", "departments: {}\nother:\n", "other", 2, "unknown field 'other'", 2)]
    public void Read_OneFieldIsWrong_NamesItAndItsLine(string find, string replace, string field, int line, string fragment, int count)
    {
        Assert.Contains(find, DictionaryFile.Valid, StringComparison.Ordinal);
        var at = DictionaryFile.Valid.IndexOf(find, StringComparison.Ordinal);

        var (_, mistakes) = DictionaryFile.Read(string.Concat(DictionaryFile.Valid.AsSpan(0, at), replace, DictionaryFile.Valid.AsSpan(at + find.Length)));

        var mistake = Assert.Single(mistakes, mistake => mistake.Field == field && mistake.Message.Contains(fragment, StringComparison.Ordinal));
        Assert.Equal(("test.yaml", line), (mistake.File, mistake.Line));
        Assert.Equal(count, mistakes.Length);
    }

    [Theory]
    [InlineData("resolution: 1m", "resolution: 7s", 13, 17)]
    [InlineData("enter: 20", "enter: twenty", 23, 29)]
    [InlineData("    unit: min", "    units: min", 10, 5)]
    [InlineData("    owner: noc\n", "    owner:\n", 15, 5)]
    public void Read_OneFieldIsWrong_PointsAtItsColumn(string find, string replace, int line, int column)
    {
        var (_, mistakes) = DictionaryFile.Read(DictionaryFile.Valid.Replace(find, replace, StringComparison.Ordinal));

        var mistake = Assert.Single(mistakes);
        Assert.Equal((line, column), (mistake.Line, mistake.Column));
    }
}
