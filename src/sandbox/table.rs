//! One kind of thing of one platform, by native id.
//! Ids come from a counter per table, so a row's place is its id less the first one, and the same calls give the same ids.

/// Rows with consecutive native ids. A removed row leaves a hole; its id is never given again.
#[derive(Debug, Clone)]
pub struct Table<T> {
    first: u64,
    rows: Vec<Option<T>>,
}

impl<T> Table<T> {
    /// An empty table whose first row gets the id `first`.
    pub fn new(first: u64) -> Self {
        Self { first, rows: Vec::new() }
    }

    /// The id that the next row gets.
    pub fn next_id(&self) -> u64 {
        self.first + self.rows.len() as u64
    }

    /// Adds the row that `make` builds from its new id.
    pub fn push(&mut self, make: impl FnOnce(u64) -> T) -> u64 {
        let id = self.next_id();
        self.rows.push(Some(make(id)));
        id
    }

    fn place(&self, id: u64) -> Option<usize> {
        usize::try_from(id.checked_sub(self.first)?).ok()
    }

    /// The row with this id, if there is one.
    pub fn get(&self, id: u64) -> Option<&T> {
        self.rows.get(self.place(id)?)?.as_ref()
    }

    /// The row with this id, to change.
    pub fn get_mut(&mut self, id: u64) -> Option<&mut T> {
        let place = self.place(id)?;
        self.rows.get_mut(place)?.as_mut()
    }

    /// Takes a row out for good.
    pub fn remove(&mut self, id: u64) -> Option<T> {
        let place = self.place(id)?;
        self.rows.get_mut(place)?.take()
    }

    /// All rows in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().flatten()
    }

    /// Rows from the id `from` on, in the order of their ids.
    pub fn iter_from(&self, from: u64) -> impl Iterator<Item = &T> {
        let start = self.place(from).unwrap_or(0).min(self.rows.len());
        self.rows[start..].iter().flatten()
    }

    /// How many rows there are.
    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.rows.iter().flatten().count()
    }

    /// Room for this many rows more.
    pub fn reserve(&mut self, rows: usize) {
        self.rows.reserve(rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_count_up_and_are_never_given_twice() {
        let mut table = Table::new(100);
        assert_eq!(table.push(|id| id), 100);
        assert_eq!(table.push(|id| id), 101);
        assert_eq!(table.remove(101), Some(101));
        assert_eq!(table.push(|id| id), 102);
        assert_eq!(table.get(101), None);
        assert_eq!(table.get(99), None);
        assert_eq!(table.get(7_000), None);
        assert_eq!(table.iter().copied().collect::<Vec<_>>(), [100, 102]);
        assert_eq!(table.iter_from(101).copied().collect::<Vec<_>>(), [102]);
        assert_eq!(table.iter_from(3).count(), 2);
        assert_eq!(table.count(), 2);
    }
}
