//! Row numbers of the catalog. Each is good for the one catalog that gave it: a newer snapshot numbers anew,
//! so what must outlive a snapshot is kept as identity and native id (see [`Catalog::find`](super::Catalog::find)).

macro_rules! row_number {
    ($(#[$doc:meta])* $name:ident($of:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $of);

        impl $name {
            /// The number as an index.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    };
}

pub(super) use row_number;

row_number!(
    /// An account of the catalog, in the order in which accounts were added.
    AccountIx(u16)
);
row_number!(
    /// A campaign of the catalog: sorted by account, then by name.
    CampaignIx(u32)
);
row_number!(
    /// An ad group of the catalog: sorted by campaign, then by name.
    AdGroupIx(u32)
);
row_number!(
    /// A negative of the catalog: sorted by campaign, there the campaign's own first, then by ad group.
    NegIx(u32)
);
row_number!(
    /// A campaign while the catalog is being built; see [`CatalogBuilder`](super::CatalogBuilder).
    CampaignSlot(u32)
);
row_number!(
    /// An ad group while the catalog is being built; see [`CatalogBuilder`](super::CatalogBuilder).
    AdGroupSlot(u32)
);
