//! The titles of Patchline's own tools by their names: records name tools of servers, too, that are switched off now.

use crate::engine::tools::Tool;
use crate::engine::tools::bedrock::{
    AddKnowledgeDocument, GenerateMusicInsights, ListKnowledgeBases, ListKnowledgeDocuments,
    MusicKnowledgeSearch, RemoveKnowledgeDocument,
};
use crate::engine::tools::cloudwatch::{AnalyzeUserActivity, GetPerformanceMetrics, QueryPerformanceLogs};
use crate::engine::tools::dynamodb::{
    QueryArtistData, QueryReleaseData, RecordAnalytics, ScanAnalyticsData, UpdateArtistData,
    UpdateReleaseData, UpdateTrackData,
};
use crate::engine::tools::music::planning::{
    CheckRelease, GenerateReleaseInsights, PlanPromotion, PlanWaterfall, RecommendReleaseDate,
};
use crate::engine::tools::music::royalties::{CalculateRoyalties, SummarizeEarnings};
use crate::engine::tools::music::{
    AnalyzeArtistPerformance, AssessStreamAuthenticity, CheckArtwork, CompareArtists, ExplainChange,
    FindBreakouts, GetWaveform, IdentifyGenreTrends, ProcessAudio,
};
use crate::engine::tools::rds::{ListDatabaseInstances, QueryDatabase};
use crate::engine::tools::reports::{
    CheckSystemHealth, FindAssetAccess, GenerateWeeklyReport, SummarizeContract,
};
use crate::engine::tools::s3::{
    CreateUploadUrl, GetArtwork, GetAudioFile, GetContract, ListAudioFiles, ListContracts, StoreContract,
    UploadArtwork, UploadAudioFile,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TITLES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    BTreeMap::from([
        named::<MusicKnowledgeSearch>(),
        named::<GenerateMusicInsights>(),
        named::<ListKnowledgeBases>(),
        named::<AddKnowledgeDocument>(),
        named::<ListKnowledgeDocuments>(),
        named::<RemoveKnowledgeDocument>(),
        named::<UploadAudioFile>(),
        named::<GetAudioFile>(),
        named::<ListAudioFiles>(),
        named::<CreateUploadUrl>(),
        named::<UploadArtwork>(),
        named::<GetArtwork>(),
        named::<StoreContract>(),
        named::<GetContract>(),
        named::<ListContracts>(),
        named::<QueryArtistData>(),
        named::<QueryReleaseData>(),
        named::<UpdateArtistData>(),
        named::<UpdateReleaseData>(),
        named::<UpdateTrackData>(),
        named::<ScanAnalyticsData>(),
        named::<RecordAnalytics>(),
        named::<QueryPerformanceLogs>(),
        named::<AnalyzeUserActivity>(),
        named::<GetPerformanceMetrics>(),
        named::<ListDatabaseInstances>(),
        named::<QueryDatabase>(),
        named::<AnalyzeArtistPerformance>(),
        named::<CompareArtists>(),
        named::<IdentifyGenreTrends>(),
        named::<FindBreakouts>(),
        named::<ExplainChange>(),
        named::<AssessStreamAuthenticity>(),
        named::<GenerateReleaseInsights>(),
        named::<RecommendReleaseDate>(),
        named::<PlanPromotion>(),
        named::<PlanWaterfall>(),
        named::<CalculateRoyalties>(),
        named::<SummarizeEarnings>(),
        named::<GenerateWeeklyReport>(),
        named::<CheckSystemHealth>(),
        named::<ProcessAudio>(),
        named::<GetWaveform>(),
        named::<CheckArtwork>(),
        named::<CheckRelease>(),
        named::<SummarizeContract>(),
        named::<FindAssetAccess>(),
    ])
});

fn named<T: Tool>() -> (&'static str, &'static str) {
    (T::NAME, T::TITLE)
}

/// What people read for one of Patchline's own tools; none where there is no such tool, or it is of a third party.
pub fn title_of(tool: &str) -> Option<&'static str> {
    TITLES.get(tool).copied()
}
