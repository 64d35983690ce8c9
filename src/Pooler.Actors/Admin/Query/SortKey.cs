namespace Pooler.Actors.Admin.Query;

/// <summary>One item of ORDER BY: the computed column that it sorts by.</summary>
internal readonly record struct SortKey(int Output, bool IsDescending, bool NullsFirst);
